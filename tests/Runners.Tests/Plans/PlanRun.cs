using System.Diagnostics;
using Executor.Limits;
using Executor.Runners.Probing;
using Executor.Runners.Workspaces;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners.Plans;

/// <summary>Carries out plans as plain processes in a folder: the least a runner can be.</summary>
internal sealed class PlanRun : IDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();

    public static EffectiveLimits Limits { get; } = LimitResolver.Resolve(null);

    public string Folder => _folder.Path;

    /// <summary>The last plan.</summary>
    public ExecutionPlan? Plan { get; private set; }

    public static ExecutionPlan Make(TaskSpec task, RuntimeCatalog? catalog = null)
    {
        IReadOnlyList<ValidationFault> faults = ExecutionPlanner.Choose(task, catalog ?? RuntimeCatalog.BuiltIn, out RuntimeDefinition? runtime);
        Assert.Empty(faults);
        string? interpreter = runtime is null ? null : RuntimeProbe.Shared.FindAsync(runtime, null, CancellationToken.None).GetAwaiter().GetResult().Path;
        EffectiveLimits compile = LimitResolver.Resolve(null, runtime?.CompileLimits);
        return ExecutionPlanner.Plan(task, runtime, interpreter, Limits, compile);
    }

    /// <summary>Lays out the files of a task, compiles it where it needs that, and runs it.</summary>
    public async Task<Ended> RunAsync(TaskSpec task, string input = "")
    {
        Plan = Make(task);
        await LayOutAsync(Plan);
        if (Plan.Compile is not null)
        {
            Ended compiled = await StartAsync(Plan.Compile, "");
            Assert.True(compiled.ExitCode == 0, $"compiling: {compiled.Stdout}{compiled.Stderr}");
        }

        return await StartAsync(Plan.Run, input);
    }

    /// <summary>Runs the last plan's program again, with other arguments.</summary>
    public Task<Ended> AgainAsync(TaskSpec task, string input) => StartAsync(Make(task).Run, input);

    public Task<Ended> CompileAsync(ExecutionPlan plan) => StartAsync(plan.Compile!, "");

    public async Task LayOutAsync(ExecutionPlan plan)
    {
        foreach (WorkspaceFile file in plan.Files)
        {
            string path = Path.Join(Folder, "work", file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, file.Content);
            if (file.Executable && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }
        }
    }

    /// <summary>What the last run's call left.</summary>
    public CallableOutcome Outcome() => CallableOutcome.Parse(File.ReadAllBytes(Path.Join(Folder, "work", Plan!.ResultFile)));

    public bool HasOutcome => File.Exists(Path.Join(Folder, "work", Plan!.ResultFile));

    public void Dispose() => _folder.Dispose();

    private Task<Ended> StartAsync(PlannedStage stage, string input)
    {
        string work = Path.Join(Folder, "work");
        string home = Directory.CreateDirectory(Path.Join(Folder, "home")).FullName;
        Directory.CreateDirectory(work);
        string program = stage.Argv[0].Contains('/') ? Path.GetFullPath(stage.Argv[0], work) : stage.Argv[0];
        var start = new ProcessStartInfo(program, stage.Argv.Skip(1))
        {
            WorkingDirectory = work,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach ((string name, string value) in stage.Env)
        {
            start.Environment[name] = name is "HOME" or "TMPDIR" ? home : value;
        }

        return Ended.OfAsync(start, input, TimeLimit);
    }
}
