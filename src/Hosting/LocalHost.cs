using Executor.Configuration;
using Executor.Engine.Monitoring;
using Executor.Engine.Sessions;
using Executor.Executors;
using Executor.Hosting.Doctor;
using Executor.Hosting.Runners;
using Executor.Jobs;
using Executor.Runners;
using Executor.Runners.Environments;
using Executor.Runners.Interpreters;
using Executor.Runners.Local.Plain;
using Executor.Runners.Local.Sandbox;
using Executor.Runners.Probing;
using Executor.Runners.Workspaces;
using Executor.Runtimes;
using Executor.Sessions;
using Executor.Tasks;
using Microsoft.Extensions.Logging;

namespace Executor.Hosting;

/// <summary>
/// What this process runs tasks with: the configuration, the runtimes and the runners, put together. The only place that
/// knows concrete runners.
/// </summary>
public sealed class LocalHost : IAsyncDisposable
{
    /// <summary>How long a code executor elsewhere may take to answer whether it can be used.</summary>
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(10);

    private readonly ILoggerFactory _logging;
    private readonly RunnerBackends _backends;

    private LocalHost(ExecutorConfiguration configuration, RuntimeCatalog runtimes, ILoggerFactory logging, string? dataFolder)
    {
        Configuration = configuration;
        Runtimes = runtimes;
        _logging = logging;
        Sandbox = new SandboxBackend(configuration.Sandbox);
        _backends = new RunnerBackends().Add(Sandbox).Add(new PlainBackend(), sandboxed: false);
        foreach (RunnerModule module in RunnerModules.All)
        {
            _backends.Add(module.Kind, () => module.CreateBackend(configuration, logging));
        }

        RuntimeEnvironmentOptions environments = new();
        Environments = new RuntimeEnvironments(
            dataFolder is null ? environments : environments with { Folder = Path.Join(Path.GetFullPath(dataFolder), "environments") },
            RuntimeProbe.Shared,
            TimeProvider.System,
            Announce);
        TaskRunnerDefaults defaults = new() { Limits = configuration.Limits, Ceiling = configuration.LimitsCeiling };
        Runner = new TaskRunner(runtimes, RuntimeProbe.Shared, _backends, defaults, TimeProvider.System, Environments);
        InterpreterLauncher interpreters = new(runtimes, RuntimeProbe.Shared, _backends, defaults, TimeProvider.System, Environments);
        Sessions = new SessionHost(
            (spec, token) => interpreters.StartAsync(spec, CodeExecutorChoice.Find(configuration.CodeExecutors, spec.ToTask(""))!, token),
            spec => [.. CodeExecutorFaultsOf(spec), .. interpreters.Check(spec)],
            configuration.Sessions,
            TimeProvider.System);
    }

    public ExecutorConfiguration Configuration { get; }

    public RuntimeCatalog Runtimes { get; }

    public SandboxBackend Sandbox { get; }

    /// <summary>Runs tasks.</summary>
    public TaskRunner Runner { get; }

    /// <summary>Holds sessions.</summary>
    public SessionHost Sessions { get; }

    /// <summary>The kinds of runner there are here.</summary>
    public IReadOnlyCollection<RunnerKind> Runners => _backends.Kinds;

    /// <summary>The kinds of job there are here: installing packages, and those that come with the runners.</summary>
    public IEnumerable<IJobType> JobTypes =>
    [
        new RuntimeEnvInstall(Environments, Runtimes, Configuration.CodeExecutors),
        .. RunnerModules.All.SelectMany(module => module.JobTypes(Configuration, () => BackendOf(module))),
    ];

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
        AttemptTracing.Around(new RunnerAttempts(executorId, Configuration.CodeExecutors, Runner).RunAsync, executorId);

    /// <summary>Looks at the code executors that are not on this machine, all at once, each for at most ten seconds.</summary>
    public Task<Finding[]> CheckAdditionsAsync(CancellationToken cancellationToken) => Task.WhenAll(
        from module in RunnerModules.All
        from executor in Configuration.CodeExecutors
        where executor.Kind == module.Kind
        select CheckAsync(module, executor, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Environments.DisposeAsync();
        await _backends.DisposeAsync();
        _logging.Dispose();
    }

    private static ExecutorConfiguration WithPython(ExecutorConfiguration configuration, string python)
    {
        IEnumerable<CodeExecutorOptions> all = CodeExecutorChoice.Named(configuration.CodeExecutors, LocalCodeExecutorOptions.Default.Name) is CodeExecutorOptions standard
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

    private List<ValidationFault> CodeExecutorFaultsOf(SessionSpec spec)
    {
        List<ValidationFault> faults = [];
        CodeExecutorChoice.Check(Configuration.CodeExecutors, Runners, spec.ToTask(""), faults);
        return faults;
    }

    private IRunnerBackend BackendOf(RunnerModule module) => _backends.For(module.Kind, sandboxed: true);

    private async Task<Finding> CheckAsync(RunnerModule module, CodeExecutorOptions executor, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(CheckTimeout);
        try
        {
            return await module.CheckAsync(executor, BackendOf(module), limited.Token);
        }
        catch (RunnerException unusable)
        {
            return new Finding(module.NameOf(executor), FindingStatus.Warning, unusable.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Finding(module.NameOf(executor), FindingStatus.Warning, $"no answer within {CheckTimeout.TotalSeconds:0} s");
        }
    }
}
