using Executor.Clocks;
using Executor.Configuration;
using Executor.Engine.Monitoring;
using Executor.Engine.Sessions;
using Executor.Executors;
using Executor.Hosting.Runners;
using Executor.Jobs;
using Executor.Runners;
using Executor.Runners.Environments;
using Executor.Runners.Interpreters;
using Executor.Runners.Modules;
using Executor.Runners.Probing;
using Executor.Runtimes;
using Executor.Sessions;
using Executor.Tasks;
using Microsoft.Extensions.Logging;

namespace Executor.Hosting;

/// <summary>
/// What this process runs tasks with: the configuration, the runtimes and the runners, put together.
/// </summary>
public sealed class LocalHost : IAsyncDisposable
{
    /// <summary>How long a code executor elsewhere may take to answer whether it can be used.</summary>
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(10);

    private readonly ILoggerFactory _logging;
    private readonly RunnerBackends _backends;

    private LocalHost(ExecutorConfiguration configuration, RuntimeCatalog runtimes, ILoggerFactory logging, string? dataFolder)
    {
        configuration = configuration with { CodeExecutors = RunnerModules.WithBuiltIn(configuration.CodeExecutors) };
        Configuration = configuration;
        Runtimes = runtimes;
        _logging = logging;
        _backends = new RunnerBackends();
        foreach (ListedRunner runner in RunnerModules.All)
        {
            _backends.Add(runner.Kind, () => runner.Module.CreateBackend(ContextOf(runner)));
        }

        RuntimeEnvironmentOptions environments = new();
        Environments = new RuntimeEnvironments(
            dataFolder is null ? environments : environments with { Folder = Path.Join(Path.GetFullPath(dataFolder), "environments") },
            RuntimeProbe.Shared,
            SteadyTime.System,
            Announce);
        TaskRunnerDefaults defaults = new() { Limits = configuration.Limits, Ceiling = configuration.LimitsCeiling };
        Runner = new TaskRunner(runtimes, RuntimeProbe.Shared, _backends, defaults, SteadyTime.System, Environments);
        InterpreterLauncher interpreters = new(runtimes, RuntimeProbe.Shared, _backends, defaults, SteadyTime.System, Environments);
        Sessions = new SessionHost(
            (spec, token) => interpreters.StartAsync(spec, CodeExecutorChoice.Find(configuration.CodeExecutors, spec.ToTask(""))!, token),
            spec => [.. CodeExecutorFaultsOf(spec), .. interpreters.Check(spec)],
            configuration.Sessions,
            SteadyTime.System);
    }

    /// <summary>The configuration. Its code executors are followed by those that are there without being configured.</summary>
    public ExecutorConfiguration Configuration { get; }

    public RuntimeCatalog Runtimes { get; }

    /// <summary>Runs tasks.</summary>
    public TaskRunner Runner { get; }

    /// <summary>Holds sessions.</summary>
    public SessionHost Sessions { get; }

    /// <summary>The kinds of runner there are here.</summary>
    public IReadOnlyCollection<RunnerKind> Runners => _backends.Kinds;

    /// <summary>The kinds of job there are here: those that come with the runners.</summary>
    public IEnumerable<IJobType> JobTypes => RunnerModules.All.SelectMany(runner => runner.Module.JobTypes(ContextOf(runner)));

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
    public IReadOnlyList<string> CodeExecutors => [.. Configuration.CodeExecutors.Where(options => Runners.Contains(options.Kind)).Select(options => options.Name)];

    /// <summary>Runs the attempts of an executor of this process, with a span around each.</summary>
    public AttemptHandler AttemptsOf(string executorId) =>
        AttemptTracing.Around(new RunnerAttempts(executorId, Configuration.CodeExecutors, Runner).RunAsync, executorId);

    /// <summary>What an executor of this process says of itself.</summary>
    /// <param name="executorId">Its id.</param>
    /// <param name="maxTasks">Tasks at once.</param>
    public ExecutorRegistration RegistrationOf(string executorId, int maxTasks) => new()
    {
        ExecutorId = executorId,
        Host = Environment.MachineName,
        MaxTasks = maxTasks,
        Runners = [.. Runners],
        CodeExecutors = CodeExecutors,
    };

    /// <summary>Looks at the code executors of this machine, or at those that are elsewhere: all at once, those for at most ten seconds each.</summary>
    public Task<Finding[]> CheckAsync(bool elsewhere, CancellationToken cancellationToken) => Task.WhenAll(
        from runner in RunnerModules.All
        where Configuration.CodeExecutors.Any(executor => executor.Kind == runner.Kind) && runner.Module.Capabilities.IsElsewhere == elsewhere
        from check in runner.Module.Checks(ContextOf(runner))
        select elsewhere ? CheckElsewhereAsync(check, cancellationToken) : check.RunAsync(cancellationToken));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Environments.DisposeAsync();
        await _backends.DisposeAsync();
        _logging.Dispose();
    }

    private static ExecutorConfiguration WithPython(ExecutorConfiguration configuration, string python)
    {
        HashSet<RunnerKind> here = [.. RunnerModules.All.Where(runner => !runner.Module.Capabilities.IsElsewhere).Select(runner => runner.Kind)];
        return configuration with
        {
            CodeExecutors =
            [
                .. RunnerModules.WithBuiltIn(configuration.CodeExecutors)
                    .Select(options => here.Contains(options.Kind) ? options with { CodeExecutorPath = python } : options),
            ],
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

    private RunnerContext ContextOf(ListedRunner runner) => new()
    {
        CodeExecutors = [.. Configuration.CodeExecutors.Where(options => options.Kind == runner.Kind)],
        Sandbox = Configuration.Sandbox,
        Runtimes = Runtimes,
        Environments = Environments,
        Logging = _logging,
        Time = SteadyTime.System,
        Backend = () => _backends.For(runner.Kind, sandboxed: true),
    };

    private static async Task<Finding> CheckElsewhereAsync(RunnerCheck check, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(CheckTimeout);
        try
        {
            return await check.RunAsync(limited.Token);
        }
        catch (RunnerException unusable)
        {
            return new Finding(check.Name, FindingStatus.Warning, unusable.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Finding(check.Name, FindingStatus.Warning, $"no answer within {CheckTimeout.TotalSeconds:0} s");
        }
    }
}
