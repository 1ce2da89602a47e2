using System.Diagnostics;
using Executor.Executors;
using Executor.Tasks;

namespace Executor.Engine.Monitoring;

/// <summary>Traces: a span of the source <c>Executor</c> for each attempt. While nobody listens, an attempt costs one more call.</summary>
public static class AttemptTracing
{
    /// <summary>The name of the activity source.</summary>
    public const string SourceName = "Executor";

    private static readonly ActivitySource Source = new(SourceName, typeof(AttemptTracing).Assembly.GetName().Version?.ToString(3));

    /// <summary>The handler, with a span around each attempt: a child of the one in which its task was submitted, if there was one.</summary>
    /// <param name="run">Runs an attempt.</param>
    /// <param name="executorId">The executor that runs it.</param>
    public static AttemptHandler Around(AttemptHandler run, string executorId) => (assignment, live, cancellationToken) =>
        Source.HasListeners()
            ? TraceAsync(run, executorId, assignment, live, cancellationToken)
            : run(assignment, live, cancellationToken);

    private static async Task<TaskResult> TraceAsync(
        AttemptHandler run, string executorId, TaskAssignment assignment, OutputReceiver live, CancellationToken cancellationToken)
    {
        TaskSpec task = assignment.Spec;
        // What is current here belongs to whoever set off the dispatch, which may be the end of another task.
        Activity.Current = null;
        using Activity? span = Source.StartActivity($"run {task.Language ?? "task"}", ActivityKind.Consumer, assignment.TraceParent);
        span?.SetTag("executor.task.id", task.TaskId)
            .SetTag("executor.task.attempt", assignment.Attempt)
            .SetTag("executor.task.priority", task.Priority)
            .SetTag("executor.id", executorId);
        try
        {
            TaskResult result = await run(assignment, live, cancellationToken);
            Tell(span, result);
            return result;
        }
        catch (RunnerException failed)
        {
            Fail(span, failed.ErrorType, failed.Message);
            throw;
        }
    }

    private static void Tell(Activity? span, TaskResult result)
    {
        if (span is not { IsAllDataRequested: true })
        {
            return;
        }

        span.SetTag("executor.task.status", result.Status.ToString().ToUpperInvariant())
            .SetTag("executor.runtime", result.RuntimeId)
            .SetTag("executor.code_executor", result.ConfigId)
            .SetTag("process.exit.code", result.ExitCode)
            .SetTag("host.name", result.Hostname);
        if (result is { Status: ExecutionStatus.Failed, Error: TaskError error })
        {
            Fail(span, error.Type, error.Message);
        }
    }

    /// <summary>OpenTelemetry's way to say that an operation failed.</summary>
    private static void Fail(Activity? span, string type, string message) =>
        span?.SetTag("error.type", type).SetStatus(ActivityStatusCode.Error, message);
}
