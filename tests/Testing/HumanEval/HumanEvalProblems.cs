using System.Diagnostics;
using System.Text;
using Executor.Tasks;

namespace Executor.Testing;

/// <summary>
/// Problems in HumanEval's form: those in the file that <c>EXECUTOR_HUMANEVAL</c> names, such as OpenAI's 164, else six of our own.
/// </summary>
public static class HumanEvalProblems
{
    /// <summary>The example's program.</summary>
    public static readonly string Example = Path.Combine(AppContext.BaseDirectory, "make_tasks.py");

    /// <summary>The file, a problem a line.</summary>
    public static string File { get; } = Environment.GetEnvironmentVariable("EXECUTOR_HUMANEVAL") is { Length: > 0 } path
        ? path
        : Path.Combine(AppContext.BaseDirectory, "humaneval-problems.jsonl");

    /// <summary>How many there are.</summary>
    public static int Count { get; } = System.IO.File.ReadLines(File).Count(line => line.Length > 0);

    /// <summary>What the example makes of them: a task a line.</summary>
    /// <param name="options">Options of <c>make_tasks.py</c>.</param>
    public static async Task<string> WriteAsync(params string[] options)
    {
        using Process making = Process.Start(new ProcessStartInfo("python3", [Example, .. options, File]) { RedirectStandardOutput = true })!;
        string lines = await making.StandardOutput.ReadToEndAsync();
        await making.WaitForExitAsync();
        Assert.Equal(0, making.ExitCode);
        return lines;
    }

    /// <inheritdoc cref="WriteAsync"/>
    public static async Task<List<TaskSpec>> TasksAsync() =>
        [.. (await WriteAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => TaskSpecReader.Read(Encoding.UTF8.GetBytes(line)).Task!)];
}
