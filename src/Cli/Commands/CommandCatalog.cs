using System.CommandLine;
using Executor.Cli.Commands.Sessions;
using Executor.Cli.Modules;
using Executor.Hosting.Commands;

namespace Executor.Cli.Commands;

/// <summary>The commands there are.</summary>
internal static class CommandCatalog
{
    private static readonly string[] BeforeModules =
        ["run", "batch", "serve", "worker", "submit", "status", "result", "logs", "cancel", "list", "executors", "jobs", "sessions", "runtimes"];

    private static readonly string[] BehindModules = ["doctor", "silo", "test", "bench"];

    /// <summary>The root command. Where the first word names a command only that one is built: start-up time is most of a short run.</summary>
    /// <param name="args">The command line up to <c>--</c>.</param>
    /// <param name="programArgs">What followed <c>--</c>.</param>
    public static RootCommand Create(string[] args, string[] programArgs)
    {
        RootCommand root = new("Run code: scripts, functions and commands, sandboxed and under limits.");
        if (args is [string name, ..] && (Build(name, programArgs) ?? ModuleCommands.Find(name)) is Command wanted)
        {
            root.Add(wanted);
        }
        else
        {
            root.AddAll(BeforeModules.Select(known => Build(known, programArgs)!));
            root.AddAll(ModuleCommands.All());
            root.AddAll(BehindModules.Select(known => Build(known, programArgs)!));
        }

        ExampleHelp.Attach(root);
        return root;
    }

    private static void AddAll(this RootCommand root, IEnumerable<Command> commands)
    {
        foreach (Command command in commands)
        {
            root.Add(command);
        }
    }

    private static Command? Build(string name, string[] programArgs) => name switch
    {
        "run" => new RunCommand(programArgs),
        "batch" => new BatchCommand(),
        "serve" => new ServeCommand(),
        "worker" => CommonCommands.Worker(),
        "submit" => new SubmitCommand(programArgs),
        "status" => new StatusCommand(),
        "result" => new ResultCommand(),
        "logs" => new LogsCommand(),
        "cancel" => new CancelCommand(),
        "list" => new ListCommand(),
        "executors" => new ExecutorsCommand(),
        "jobs" => new JobsCommand(),
        "sessions" => new SessionsCommand(),
        "runtimes" => new RuntimesCommand(),
        "doctor" => new DoctorCommand(),
        "test" => new LauncherCommand("test", "Build everything and run its tests."),
        "silo" => new LauncherCommand("silo", "Be a node of a cluster."),
        "bench" => new LauncherCommand("bench", "Run the benchmarks."),
        _ => null,
    };
}
