using Executor.Cli.Doctor;
using Executor.Cli.Logging;
using Executor.Cli.Runners;
using Executor.Configuration;
using Executor.Executors;
using Executor.Jobs;
using Executor.Limits;
using Executor.Monitoring;
using Executor.Runners;
using Executor.Runners.Local.Plain;
using Executor.Runners.Local.Sandbox;
using Executor.Runtimes;
using Executor.Runtimes.Environments;
using Executor.Tasks;
using Microsoft.Extensions.Logging;

namespace Executor.Cli;

/// <summary>
/// What this process runs tasks with: the configuration, the runtimes and the runners, put together. The only place that
/// knows concrete runners.
/// </summary>
internal sealed class LocalHost : IAsyncDisposable
{
    /// <summary>How long a code executor elsewhere may take to answer whether it can be used.</summary>
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(10);

    private readonly ILoggerFactory _logging;
    private readonly ILogger _log;
    private readonly RunnerBackends _backends;

    private LocalHost(ExecutorConfiguration configuration, RuntimeCatalog runtimes, ILoggerFactory logging, string? dataFolder)
    {
        Configuration = configuration;
        Runtimes = runtimes;
        _logging = logging;
        _log = logging.CreateLogger(typeof(LocalHost).FullName!);
        Sandbox = new SandboxBackend(configuration.Sandbox);
        _backends = new RunnerBackends().Add(Sandbox).Add(new PlainBackend(), sandboxed: false);
        foreach (RunnerAddition addition in RunnerAdditions.All)
        {
            _backends.Add(addition.Kind, () => addition.CreateBackend(configuration, logging));
        }

        RuntimeEnvironmentOptions environments = new();
        Environments = new RuntimeEnvironments(
            dataFolder is null ? environments : environments with { Folder = Path.Join(Path.GetFullPath(dataFolder), "environments") },
            RuntimeProbe.Shared,
            TimeProvider.System,
            Announce);
        Runner = new TaskRunner(
            runtimes,
            RuntimeProbe.Shared,
            _backends,
            new TaskRunnerDefaults { Limits = configuration.Limits, Ceiling = configuration.LimitsCeiling },
            TimeProvider.System,
            Environments);
    }

    public ExecutorConfiguration Configuration { get; }

    public RuntimeCatalog Runtimes { get; }

    public SandboxBackend Sandbox { get; }

    /// <summary>Runs tasks.</summary>
    public TaskRunner Runner { get; }

    /// <summary>The kinds of runner there are here.</summary>
    public IReadOnlyCollection<RunnerKind> Runners => _backends.Kinds;

    /// <summary>The kinds of job that come with the runners here.</summary>
    public IEnumerable<IJobType> JobTypes => RunnerAdditions.All.SelectMany(addition => addition.JobTypes(Configuration, () => BackendOf(addition)));

    /// <summary>Installs the packages that tasks ask for.</summary>
    public RuntimeEnvironments Environments { get; }

    /// <summary>Reads the configuration and makes the runners; processes are started when they are needed.</summary>
    /// <param name="configPath">What <c>--config</c> said.</param>
    /// <param name="dataFolder">The server's data folder, where it then keeps runtime environments; null: they are in the user's cache.</param>
    /// <param name="python">The interpreter of Python tasks on this machine; null: that of their code executor.</param>
    /// <exception cref="ConfigurationException">The configuration is not valid.</exception>
    public static LocalHost Open(string? configPath, string? dataFolder = null, string? python = null)
    {
        (ExecutorConfiguration configuration, RuntimeCatalog runtimes) = ConfigurationFile.Load(configPath);
        ILoggerFactory logging = Loggers.Create(configuration, isServer: dataFolder is not null);
        return new LocalHost(python is null ? configuration : WithPython(configuration, python), runtimes, logging, dataFolder);
    }

    /// <summary>Without any configuration.</summary>
    public static LocalHost Default() =>
        new(ExecutorConfiguration.Default, RuntimeCatalog.BuiltIn, Loggers.Create(ExecutorConfiguration.Default), dataFolder: null);

    /// <summary>Makes loggers.</summary>
    public ILoggerFactory Logging => _logging;

    /// <summary>The named code executors that can run here.</summary>
    public IReadOnlyList<string> CodeExecutors =>
    [
        .. Configuration.CodeExecutors.Where(options => Runners.Contains(options.Kind)).Select(options => options.Name)
            .Append(LocalCodeExecutorOptions.Default.Name).Distinct(),
    ];

    /// <summary>Runs the attempts of an executor of this process, with a span around each.</summary>
    public AttemptHandler AttemptsOf(string executorId) =>
        AttemptTracing.Around(new RunnerAttempts(executorId, Configuration, Runner).RunAsync, executorId);

    /// <summary>Why a task can't be run here, valid as it may be; empty when it can.</summary>
    public List<ValidationFault> FaultsOf(TaskSpec task)
    {
        List<ValidationFault> faults = [];
        CodeExecutorChoice.Check(Configuration, _backends.Kinds, task, faults);
        ServerFields.Check(task, faults);
        return faults;
    }

    /// <summary>Runs a task to its end; see <see cref="TaskRunner.RunAsync"/>.</summary>
    /// <param name="task">The task; <see cref="FaultsOf"/> finds nothing in it.</param>
    /// <param name="live">Receives its output as it comes.</param>
    /// <param name="input">Its standard input, if the task brings none.</param>
    /// <param name="attempt">Which attempt this is, from 1.</param>
    /// <param name="cancellationToken">Cancels the task.</param>
    public async Task<TaskResult> RunAsync(TaskSpec task, OutputReceiver? live, Stream? input, int attempt, CancellationToken cancellationToken)
    {
        TaskRunOptions options = new()
        {
            CodeExecutor = CodeExecutorChoice.Find(Configuration, task)!,
            Live = live,
            KeptOutputKb = live is null ? null : TaskLimits.Default.OutputKb,
            Input = input,
            Attempt = attempt,
        };
        _log.TaskStarts(task.TaskId, attempt, options.CodeExecutor.Name);
        TaskResult result = await Runner.RunAsync(task, options, cancellationToken);
        _log.TaskEnded(result.TaskId, result.Status, result.DurationSec, result.ExitCode, result.Error?.Type);
        if (result.IsInfrastructureFailure)
        {
            _log.InfrastructureFailed(result.TaskId, result.Error!.Type, result.Error.Message);
        }

        return result;
    }

    /// <summary>Looks at the code executors that are not on this machine, all at once, each for at most ten seconds.</summary>
    public Task<Finding[]> CheckAdditionsAsync(CancellationToken cancellationToken) => Task.WhenAll(
        from addition in RunnerAdditions.All
        from executor in Configuration.CodeExecutors
        where executor.Kind == addition.Kind
        select CheckAsync(addition, executor, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Environments.DisposeAsync();
        await _backends.DisposeAsync();
        _logging.Dispose();
    }

    private static ExecutorConfiguration WithPython(ExecutorConfiguration configuration, string python)
    {
        IEnumerable<CodeExecutorOptions> all = configuration.FindCodeExecutor(LocalCodeExecutorOptions.Default.Name) is CodeExecutorOptions standard
            ? configuration.CodeExecutors.Append(standard).DistinctBy(options => options.Name)
            : configuration.CodeExecutors;
        return configuration with
        {
            CodeExecutors = [.. all.Select(options => options is LocalCodeExecutorOptions local ? local with { CodeExecutorPath = python } : options)],
        };
    }

    /// <summary>Says why nothing happens for a while, on a line of its own even where a progress bar is.</summary>
    private static void Announce(string line)
    {
        if (!Console.IsErrorRedirected)
        {
            Reporter.Write("\r\e[K");
        }

        Reporter.Say(line);
    }

    private IRunnerBackend BackendOf(RunnerAddition addition) => _backends.For(addition.Kind, sandboxed: true);

    private async Task<Finding> CheckAsync(RunnerAddition addition, CodeExecutorOptions executor, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(CheckTimeout);
        try
        {
            return await addition.CheckAsync(executor, BackendOf(addition), limited.Token);
        }
        catch (RunnerException unusable)
        {
            return new Finding(addition.NameOf(executor), FindingStatus.Warning, unusable.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Finding(addition.NameOf(executor), FindingStatus.Warning, $"no answer within {CheckTimeout.TotalSeconds:0} s");
        }
    }
}
