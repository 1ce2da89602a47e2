using Executor.Cli.Logging;
using Executor.Configuration;
using Executor.Runners;
using Executor.Tasks;
using Microsoft.Extensions.Logging;

namespace Executor.Cli;

/// <summary>
/// What this process runs tasks with: the configuration and the runners of this edition, put together. The only place that
/// knows concrete runners.
/// </summary>
internal sealed class LocalHost : IAsyncDisposable
{
    private readonly ILoggerFactory _logging;
    private readonly TaskRunner _runner;

    private LocalHost(ExecutorConfiguration configuration, ILoggerFactory logging)
    {
        Configuration = configuration;
        _logging = logging;
        _runner = new TaskRunner();
    }

    public ExecutorConfiguration Configuration { get; }

    /// <summary>Reads the configuration and makes the runners; processes are started when they are needed.</summary>
    /// <param name="configPath">What <c>--config</c> said.</param>
    /// <exception cref="ConfigurationException">The configuration is not valid.</exception>
    public static LocalHost Open(string? configPath)
    {
        ExecutorConfiguration configuration = ConfigurationFile.Load(configPath);
        return new LocalHost(configuration, Loggers.Create(configuration));
    }

    /// <summary>Why a task can't be run here, valid as it may be; empty when it can.</summary>
    public List<ValidationFault> FaultsOf(TaskSpec task)
    {
        List<ValidationFault> faults = [];
        CodeExecutorChoice.Check(Configuration, task, faults);
        ServerFields.Check(task, faults);
        return faults;
    }

    /// <summary>Runs a task to its end; see <see cref="TaskRunner.RunAsync"/>.</summary>
    /// <param name="task">The task; <see cref="FaultsOf"/> finds nothing in it.</param>
    /// <param name="live">Receives its output as it comes.</param>
    /// <param name="input">Its standard input, if the task brings none.</param>
    /// <param name="attempt">Which attempt this is, from 1.</param>
    /// <param name="cancellationToken">Cancels the task.</param>
    public Task<TaskResult> RunAsync(TaskSpec task, OutputReceiver? live, Stream? input, int attempt, CancellationToken cancellationToken)
    {
        TaskRunOptions options = new()
        {
            CodeExecutor = CodeExecutorChoice.Find(Configuration, task)!,
            Live = live,
            Input = input,
            Attempt = attempt,
        };
        return _runner.RunAsync(task, options, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _logging.Dispose();
        return ValueTask.CompletedTask;
    }
}
