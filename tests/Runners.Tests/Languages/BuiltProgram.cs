using System.Text;
using Executor.Limits;
using Executor.Runners.Local.Sandbox;
using Executor.Runners.Plans;
using Executor.Runners.Probing;
using Executor.Runners.Workspaces;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners.Languages;

/// <summary>The programs of a language (<c>Programs/LANGUAGE</c>), built once in a sandbox, of which one is run at a time: its argument names it.</summary>
internal sealed class BuiltProgram : IAsyncDisposable
{
    private static readonly TimeSpan CompileTimeout = TimeSpan.FromSeconds(120);
    private readonly TaskSpec _task;
    private readonly RuntimeDefinition _runtime;
    private readonly string _interpreter;
    private readonly EffectiveLimits _limits;
    private readonly IWorkspace _workspace;

    private BuiltProgram(TaskSpec task, RuntimeDefinition runtime, string interpreter, EffectiveLimits limits, IWorkspace workspace) =>
        (_task, _runtime, _interpreter, _limits, _workspace) = (task, runtime, interpreter, limits, workspace);

    /// <summary>The folder of a language's sources.</summary>
    public static string FolderOf(string language) => Path.Combine(AppContext.BaseDirectory, "Programs", language);

    public static async Task<BuiltProgram> BuildAsync(SandboxBackend sandbox, string language)
    {
        RuntimeDefinition runtime = RuntimeCatalog.BuiltIn.Find(language)!;
        ProbeResult found = Requirement.Toolchain(language);
        var task = new TaskSpec
        {
            Language = language,
            Script = runtime.SourceFile,
            Files = Directory.GetFiles(FolderOf(language)).ToDictionary(path => Path.GetFileName(path), path => TaskFile.FromBytes(File.ReadAllBytes(path))),
        };
        EffectiveLimits limits = LimitResolver.Resolve(null, runtime.Limits);
        EffectiveLimits compileLimits = LimitResolver.Resolve(null, runtime.CompileLimits) with { DiskMb = limits.DiskMb };
        ExecutionPlan plan = ExecutionPlanner.Plan(task, runtime, found.Path, limits, compileLimits);
        IWorkspace workspace = await sandbox.OpenAsync(
            new WorkspaceRequest(limits, found.Path, plan.MayBeWarm ? runtime.Warm : WarmKind.None, plan.Run.Env, found.ReadOnlyPaths, WarmOptions: plan.WarmOptions),
            CancellationToken.None);
        await workspace.PutAsync(plan.Files, CancellationToken.None);
        if (plan.Compile is not null)
        {
            (ProcessExit exit, _, string output) = await RunAsync(workspace, plan.Compile, mayBeWarm: false, "", CompileTimeout);
            Assert.True(exit.ExitCode == 0, $"compiling {language}: {output}");
        }

        return new BuiltProgram(task, runtime, found.Path!, limits, workspace);
    }

    /// <summary>Runs one of the programs.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="timeout">How long it may take.</param>
    public async Task<Outcome> RunAsync(string name, string input, TimeSpan timeout)
    {
        ExecutionPlan plan = ExecutionPlanner.Plan(_task with { Args = [name] }, _runtime, _interpreter, _limits, _limits);
        (ProcessExit exit, string stdout, string stderr) = await RunAsync(_workspace, plan.Run, plan.MayBeWarm, input, timeout);
        string? error = exit is { ExitCode: 137, OomKilled: false } ? TaskErrorTypes.Timeout
            : exit is { OomKilled: true, ExitCode: not 0 } ? TaskErrorTypes.OutOfMemory
            : exit.ExitCode != 0 ? ProgramErrorParser.Parse(_runtime, exit.ExitCode, exit.Signal, stderr).Type
            : null;
        return new Outcome(exit.ExitCode, stdout, stderr, error);
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    private static async Task<(ProcessExit Exit, string Stdout, string Stderr)> RunAsync(
        IWorkspace workspace, PlannedStage stage, bool mayBeWarm, string input, TimeSpan timeout)
    {
        using MemoryStream stdout = new(), stderr = new();
        var spec = new ProcessSpec
        {
            Argv = stage.Argv,
            Env = stage.Env,
            Limits = stage.Limits,
            HasInput = input.Length > 0,
            MayBeWarm = mayBeWarm,
            Output = (stream, data, _) =>
            {
                (stream == OutputStream.Stdout ? stdout : stderr).Write(data.Span);
                return ValueTask.CompletedTask;
            },
        };
        await using IRunningProcess process = await workspace.StartAsync(spec, CancellationToken.None);
        if (input.Length > 0)
        {
            await process.StandardInput.WriteAsync(Encoding.UTF8.GetBytes(input));
            process.StandardInput.Close();
        }

        using var timeLimit = new CancellationTokenSource(timeout);
        ProcessExit exit;
        try
        {
            exit = await process.WaitAsync(timeLimit.Token);
        }
        catch (OperationCanceledException)
        {
            await process.StopAsync(StopMode.KillTree, CancellationToken.None);
            exit = await process.WaitAsync(CancellationToken.None);
        }

        return (exit, Encoding.UTF8.GetString(stdout.ToArray()), Encoding.UTF8.GetString(stderr.ToArray()) + (stage.Argv.Contains("build") ? Encoding.UTF8.GetString(stdout.ToArray()) : ""));
    }
}

/// <summary>What came of a program.</summary>
/// <param name="ExitCode">Its exit code; 128 + n when signal n ended it.</param>
/// <param name="Stdout">Its standard output.</param>
/// <param name="Stderr">Its standard error.</param>
/// <param name="Error">What a result's <c>error.type</c> says; null: it succeeded.</param>
internal sealed record Outcome(int ExitCode, string Stdout, string Stderr, string? Error);
