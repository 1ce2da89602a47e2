using System.CommandLine;

namespace Executor.Hosting.Commands;

/// <summary>
/// Options that several commands have. All take text, which <see cref="OptionValues"/> reads: each further value type would
/// cost a run's start-up the compilation of the parser's generic code for it.
/// </summary>
public static class CommonOptions
{
    public static Option<string?> Config() =>
        Text("--config", "FILE", "The configuration. Default: $EXECUTOR_CONFIG, else config.yaml in the current folder where there is one.");

    public static Option<string?> Executor() => Text("--executor", "NAME", "The code executor of the configuration to run with.");

    public static Option<string?> Runner() => Text("--runner", "RUNNER", "The kind of runner: localhost, docker or ssh.");

    public static Option<string?> Timeout() =>
        Text("--timeout", "S", "Wall-clock time until the program is stopped, in seconds. Default: the code executor's, else 300.");

    public static Option<bool> NoSandbox() => Flag("--no-sandbox", "Run without isolation: only for code you trust as much as your own.");

    /// <summary>Of commands that only do something at a server.</summary>
    public static Option<string?> Server() => Text("--server", "URL", "The server. Default: $EXECUTOR_SERVER, else http://127.0.0.1:5000.");

    /// <summary>Of commands that do without a server, too.</summary>
    public static Option<string?> RemoteServer() => Text("--server", "URL", "Let this server do it instead of this process.");

    public static Option<string?> ApiKey() =>
        Text("--api-key", "KEY", "The key that the server asks for. Default: $EXECUTOR_API_KEY, which other users of this machine can't see.");

    public static Option<string?> Wait() => Text("--wait", "S", "Wait up to so many seconds for its end. Default 0.");

    /// <exception cref="UsageException">It is no number of seconds, or negative.</exception>
    public static TimeSpan ReadWait(ParseResult parsed, Option<string?> wait) => parsed.Seconds(wait) switch
    {
        null => TimeSpan.Zero,
        TimeSpan time when time >= TimeSpan.Zero => time,
        _ => throw new UsageException($"{wait.Name}: must be 0 or more, was {parsed.GetValue(wait)}"),
    };

    public static Option<bool> Json(string description) => Flag("--json", description);

    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    public static Option<string?> Text(string name, string valueName, string description) =>
        new(name) { Description = description, HelpName = valueName };

    /// <summary>An option that may be given several times, one value each.</summary>
    public static Option<string[]> Several(string name, string valueName, string description) =>
        new(name) { Description = $"{description} May be repeated.", HelpName = valueName, Arity = ArgumentArity.OneOrMore };

    public static void AddAll(this Command command, params Option[] options)
    {
        foreach (Option option in options)
        {
            command.Add(option);
        }
    }
}
