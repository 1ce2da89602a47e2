using Executor.Executors;
using Executor.Hosting;
using Executor.Limits;
using Executor.Runners;
using Executor.Tasks;
using Microsoft.Extensions.Logging;

namespace Executor.Cli.Running;

/// <summary>Runs tasks in this process, without a server.</summary>
/// <param name="host">What they are run with.</param>
internal sealed class LocalTasks(LocalHost host)
{
    private readonly ILogger _log = host.Logging.CreateLogger(typeof(LocalTasks).FullName!);

    /// <summary>Why a task can't be run here, valid as it may be; empty when it can.</summary>
    public List<ValidationFault> FaultsOf(TaskSpec task)
    {
        List<ValidationFault> faults = [];
        CodeExecutorChoice.Check(host.Configuration.CodeExecutors, host.Runners, task, faults);
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
            CodeExecutor = CodeExecutorChoice.Find(host.Configuration.CodeExecutors, task)!,
            Live = live,
            KeptOutputKb = live is null ? null : TaskLimits.Default.OutputKb,
            Input = input,
            Attempt = attempt,
        };
        _log.TaskStarts(task.TaskId, attempt, options.CodeExecutor.Name);
        TaskResult result = await host.Runner.RunAsync(task, options, cancellationToken);
        _log.TaskEnded(result.TaskId, result.Status, result.DurationSec, result.ExitCode, result.Error?.Type);
        if (result.IsInfrastructureFailure)
        {
            _log.InfrastructureFailed(result.TaskId, result.Error!.Type, result.Error.Message);
        }

        return result;
    }
}
