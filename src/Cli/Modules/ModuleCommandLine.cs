using System.CommandLine;
using System.Text.Json;
using Executor.Executors;
using Executor.Hosting;
using Executor.Hosting.Commands;
using Executor.Runners.Modules;
using Executor.Tasks;

namespace Executor.Cli.Modules;

/// <summary>A command line that names a module's command.</summary>
internal sealed class ModuleCommandLine : IModuleCommandLine, IDisposable
{
    private static readonly string ConfigName = CommonOptions.Config().Name;

    private readonly RunnerKind _kind;
    private readonly IReadOnlyList<Symbol> _inputs;
    private readonly ParseResult _parsed;
    private readonly Lazy<Interruption> _interruption = new(() => new Interruption());

    private ModuleCommandLine(RunnerKind kind, IReadOnlyList<Symbol> inputs, ParseResult parsed) => (_kind, _inputs, _parsed) = (kind, inputs, parsed);

    public IReadOnlyList<CodeExecutorOptions> CodeExecutors => [.. ConfigurationFile.Load(ConfigPath).Configuration.CodeExecutors.Where(options => options.Kind == _kind)];

    public CancellationToken Interrupted => _interruption.Value.Token;

    public bool IsTerminal { get; } = !Console.IsErrorRedirected;

    private string? ConfigPath => Text(ConfigName);

    /// <summary>Runs the command and gives our exit code.</summary>
    /// <param name="run">What it does.</param>
    /// <param name="kind">The kind of runner whose module it is of.</param>
    /// <param name="inputs">What it takes.</param>
    /// <param name="parsed">What it was given.</param>
    /// <exception cref="UsageException">An input is not valid.</exception>
    public static async Task<int> RunAsync(Func<IModuleCommandLine, Task<int>> run, RunnerKind kind, IReadOnlyList<Symbol> inputs, ParseResult parsed)
    {
        using ModuleCommandLine line = new(kind, inputs, parsed);
        try
        {
            return await run(line);
        }
        catch (InvalidInputException invalid)
        {
            throw new UsageException(invalid.Message);
        }
        catch (OperationCanceledException) when (line._interruption is { IsValueCreated: true, Value.ExitCode: int code })
        {
            return code;
        }
    }

    public string? Text(string name) => Input(name) switch
    {
        Argument<string> argument => _parsed.GetRequiredValue(argument),
        Symbol option => _parsed.GetValue((Option<string?>)option),
    };

    public IReadOnlyList<string> Texts(string name) => _parsed.GetValue((Option<string[]>)Input(name)) ?? [];

    public bool Flag(string name) => _parsed.GetValue((Option<bool>)Input(name));

    public void WriteLines(IEnumerable<string> lines) => OutputChannel.Stdout.WriteLines(lines);

    public void WriteJson(Action<Utf8JsonWriter> write) => OutputChannel.Stdout.Write(JsonOutput.Line(write));

    public void Say(string message) => Reporter.Say(message);

    public void Redraw(string line)
    {
        if (IsTerminal)
        {
            Reporter.Write($"\r\e[K{line}");
        }
    }

    public async Task<int> RunJobAsync(string type, Action<Utf8JsonWriter> parameters)
    {
        using JsonDocument document = JsonDocument.Parse(JsonOutput.Line(json =>
        {
            json.WriteStartObject();
            parameters(json);
            json.WriteEndObject();
        }));
        return await ForegroundJob.RunAsync(type, document.RootElement, ConfigPath);
    }

    public void Dispose()
    {
        if (_interruption.IsValueCreated)
        {
            _interruption.Value.Dispose();
        }
    }

    private Symbol Input(string name) => _inputs.First(input => input.Name == name);
}
