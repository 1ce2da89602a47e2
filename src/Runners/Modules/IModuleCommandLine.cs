using System.Text.Json;
using Executor.Executors;

namespace Executor.Runners.Modules;

/// <summary>What a command of a module was given, and what it tells who called it.</summary>
public interface IModuleCommandLine
{
    /// <summary>The module's code executors in the configuration.</summary>
    IReadOnlyList<CodeExecutorOptions> CodeExecutors { get; }

    /// <summary>Cancelled when the caller asks for the end (Ctrl-C). Asked for: until then the process just ends. A cancellation that it causes is the command's end.</summary>
    CancellationToken Interrupted { get; }

    /// <summary>Whether <see cref="Redraw"/> shows anything.</summary>
    bool IsTerminal { get; }

    /// <summary>The text of an input; null: not given.</summary>
    string? Text(string name);

    /// <summary>The texts of an input.</summary>
    IReadOnlyList<string> Texts(string name);

    /// <summary>Whether an input was given.</summary>
    bool Flag(string name);

    /// <summary>Writes lines of the result.</summary>
    void WriteLines(IEnumerable<string> lines);

    /// <summary>Writes the result as one line of JSON.</summary>
    void WriteJson(Action<Utf8JsonWriter> write);

    /// <summary>Tells something that is not the result.</summary>
    void Say(string message);

    /// <summary>Shows how far it is, in place of what was shown before; empty: nothing more. Only on a terminal.</summary>
    void Redraw(string line);

    /// <summary>Does a job of the module here, to its end, its log told as it comes.</summary>
    /// <param name="type">The type of job.</param>
    /// <param name="parameters">Writes the members of its parameters.</param>
    /// <returns>The exit code.</returns>
    Task<int> RunJobAsync(string type, Action<Utf8JsonWriter> parameters);
}
