using System.Net;
using Executor.Execution;
using Executor.Http.Wire;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Http;

/// <summary><c>/tasks</c> and <c>/metrics</c>.</summary>
internal sealed partial class HttpTasks(HttpConnection connection) : ITaskService
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<TaskReceipt>> SubmitAsync(IReadOnlyList<TaskSpec> tasks, CancellationToken cancellationToken)
    {
        if (tasks.Count == 0)
        {
            return [];
        }

        // Named here, a task that is submitted again since the answer was lost is the same one.
        HashSet<string> named = [];
        TaskSpec[] given = [.. tasks.Select(task => task.TaskId is null ? task with { TaskId = NewId() } : task)];
        try
        {
            IReadOnlyList<TaskReceipt> receipts = given.Length == 1 ? [await SubmitOneAsync(given[0], cancellationToken)] : await SubmitManyAsync(given, cancellationToken);
            return
            [
                .. receipts.Select(receipt =>
                    receipt.Outcome == SubmitStatus.Existing && named.Contains(receipt.TaskId) ? receipt with { Outcome = SubmitStatus.Stored } : receipt),
            ];
        }
        catch (InvalidInputException invalid) when (invalid is not InvalidTaskException)
        {
            throw new InvalidTaskException(invalid.Faults);
        }

        string NewId()
        {
            string id = Guid.CreateVersion7().ToString();
            named.Add(id);
            return id;
        }
    }

    /// <inheritdoc/>
    public async Task<StoredTask?> GetAsync(string taskId, CancellationToken cancellationToken) => HttpAsk.IsId(taskId)
        ? (await connection.SendAsync(HttpAsk.Find(PathOf(taskId)), ApiJson.Wire.TaskDetail, task => task.ToStoredTask(), cancellationToken)).Value
        : null;

    /// <inheritdoc/>
    public async Task<TaskResult?> GetResultAsync(string taskId, CancellationToken cancellationToken) =>
        (await AskForResultAsync(taskId, TimeSpan.Zero, cancellationToken)).Found;

    /// <inheritdoc/>
    public Task<TaskResult?> WaitAsync(string taskId, TimeSpan timeout, CancellationToken cancellationToken) =>
        LongWait.UntilAsync(part => AskForResultAsync(taskId, part, cancellationToken), timeout, connection.Time, cancellationToken);

    /// <inheritdoc/>
    public async Task<CancelOutcome> CancelAsync(string taskId, CancellationToken cancellationToken)
    {
        if (!HttpAsk.IsId(taskId))
        {
            return CancelOutcome.NotFound;
        }

        HttpAsk ask = new(HttpMethod.Post, $"{PathOf(taskId)}/cancel") { Expected = CancelAnswer.Expected };
        HttpReply<SubmitReceipt> reply = await connection.SendAsync(ask, ApiJson.Wire.SubmitReceipt, cancellationToken);
        return CancelAnswer.OutcomeOf(reply.Status, reply.Value?.AlreadyEnded == true);
    }

    /// <inheritdoc/>
    public async Task<ExecutionMetrics> GetMetricsAsync(CancellationToken cancellationToken) => (await connection.SendAsync(
        new HttpAsk(HttpMethod.Get, "metrics?format=json"), ApiJson.Wire.ServiceMetrics, metrics => metrics.ToMetrics(), cancellationToken)).Value!;

    /// <inheritdoc/>
    public async Task<string?> FindOutageAsync(CancellationToken cancellationToken)
    {
        HttpAsk ask = new(HttpMethod.Get, "ready") { Expected = [HttpStatusCode.ServiceUnavailable] };
        return (await connection.SendAsync(ask, ApiJson.Wire.ReadyAnswer, cancellationToken)).Problem?.Detail;
    }

    private async Task<TaskReceipt> SubmitOneAsync(TaskSpec task, CancellationToken cancellationToken)
    {
        HttpAsk ask = new(HttpMethod.Post, "tasks") { Body = RequestJson.Of(task), Expected = [HttpStatusCode.Conflict] };
        HttpReply<SubmitReceipt> reply = await connection.SendAsync(ask, ApiJson.Wire.SubmitReceipt, cancellationToken);
        return reply.Value is SubmitReceipt receipt ? ReceiptOf(receipt) : Conflict(task.TaskId!, reply.Problem!);
    }

    private async Task<IReadOnlyList<TaskReceipt>> SubmitManyAsync(TaskSpec[] tasks, CancellationToken cancellationToken)
    {
        HttpAsk ask = new(HttpMethod.Post, "tasks/batch") { Body = RequestJson.Of(tasks) };
        return (await connection.SendAsync(
            ask,
            ApiJson.Wire.BatchReceipt,
            receipt => receipt.Tasks.Count == tasks.Length
                ? receipt.Tasks.Select(task => task.Error is Problem problem ? Conflict(task.TaskId, problem) : ReceiptOf(task)).ToArray()
                : throw new ArgumentException("There is not a receipt for each task."),
            cancellationToken)).Value!;
    }

    /// <summary>Asks the server to wait for a result.</summary>
    /// <returns>Whether there is no such task, and its result; null: there is none yet.</returns>
    private async Task<(bool IsGone, TaskResult? Found)> AskForResultAsync(string taskId, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (!HttpAsk.IsId(taskId))
        {
            return (true, null);
        }

        HttpAsk ask = HttpAsk.Find($"{PathOf(taskId)}/result{HttpAsk.WaitQuery(wait)}") with { Wait = wait };
        HttpReply<ResultAnswer> reply = await connection.SendAsync(
            ask,
            async (response, token) => new ResultAnswer(
                response.StatusCode == HttpStatusCode.OK ? await connection.ReadAsync(response, ApiJson.Wire.TaskResult, result => result, token) : null),
            cancellationToken);
        return (reply.Problem is not null, reply.Value?.Result);
    }

    private static TaskReceipt ReceiptOf(SubmitReceipt receipt) =>
        new(receipt.TaskId, receipt.Status ?? ExecutionStatus.Pending, receipt.Existing ? SubmitStatus.Existing : SubmitStatus.Stored);

    // A server that does not say where the other task is knows no more than that it is there.
    private static TaskReceipt Conflict(string taskId, Problem problem) =>
        new(taskId, problem.TaskStatus ?? ExecutionStatus.Pending, SubmitStatus.Conflict);

    private static string PathOf(string taskId) => $"tasks/{HttpAsk.Escape(taskId)}";

    private sealed record ResultAnswer(TaskResult? Result);
}
