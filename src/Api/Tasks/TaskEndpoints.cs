using System.Net.Mime;
using Executor.Api.Problems;
using Executor.Api.Requests;
using Executor.Execution;
using Executor.Http.Wire;
using Executor.Storage;
using Executor.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Executor.Api.Tasks;

/// <summary><c>/tasks</c>.</summary>
internal static class TaskEndpoints
{
    private const int DefaultPage = 100;

    private static readonly QueryParameters WaitQuery = new([new("wait", "Seconds to wait for its end: 0 to 300. Default 0.", "number")]);

    private static readonly QueryParameters OutputQuery = new(
    [
        new("after", "The id of the last event that was seen; the header Last-Event-ID does the same. Default: from the beginning."),
        new("format", "sse (the default) or text: the bytes that the task printed to both streams, as they come."),
    ]);

    private static readonly QueryParameters ListQuery = new(
    [
        new("status", "PENDING, RUNNING, COMPLETED, FAILED or CANCELLED."),
        new("executor", "The named code executor they ask for."),
        new("executor_id", "The registered executor that holds or ran them."),
        new("name", "Their name, exactly."),
        new("runtime", "The runtime that ran them; before, the language they ask for."),
        new("since", "Submitted then or later: milliseconds since the Unix epoch.", "integer"),
        new("limit", "How many: 1 to 1,000. Default 100.", "integer"),
        new("cursor", "The last page's next_cursor. Default: from the newest."),
    ]);

    private static readonly (string Word, ExecutionStatus Value)[] Statuses =
        [.. Enum.GetValues<ExecutionStatus>().Select(status => (status.ToString().ToUpperInvariant(), status))];

    public static void MapTasks(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder tasks = app.MapGroup("/tasks").WithTags("tasks");
        tasks.MapPost("", SubmitAsync)
            .WithMetadata(new BodyDescription(typeof(TaskSpec), [MediaTypeNames.Application.Json]), WaitQuery)
            .WithName("submit_task")
            .WithSummary("Submit a task. With wait, and when it ends by then, the answer is its result.");
        tasks.MapPost("/batch", SubmitBatchAsync)
            .WithMetadata(new BodyDescription(typeof(TaskSpec[]), TaskBodies.BatchTypes))
            .WithName("submit_tasks")
            .WithSummary("Submit up to 10,000 tasks, all of them or none; they may depend on each other.");
        tasks.MapGet("", ListAsync).WithMetadata(ListQuery).WithName("list_tasks").WithSummary("Tasks, newest first.");
        tasks.MapGet("/{id}", GetAsync).WithName("get_task").WithSummary("Where a task is, and what was asked.");
        tasks.MapGet("/{id}/result", GetResultAsync).WithMetadata(WaitQuery).WithName("get_result")
            .WithSummary("A task's result; 202 with its status while there is none.");
        tasks.MapGet("/{id}/output", OutputAsync).WithMetadata(OutputQuery).WithName("watch_output")
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream", MediaTypeNames.Text.Plain)
            .WithSummary("A task's output as it comes: server-sent events stdout, stderr and, at last, end with the result.");
        tasks.MapPost("/{id}/cancel", CancelAsync).WithName("cancel_task").WithSummary("Ask for a task's end.");
    }

    private static async Task<Results<Accepted<SubmitReceipt>, Ok<SubmitReceipt>, ResultAnswer>> SubmitAsync(
        HttpContext context, BodyReader bodies, ITaskService service, ResultMemory memory)
    {
        QueryReader query = new(context.Request);
        TimeSpan wait = query.Seconds("wait", WaitLimit.Longest);
        query.ThrowIfBad();
        TaskReceipt receipt;
        using (RequestBody body = await bodies.ReadJsonAsync(context.Request))
        {
            // Its memory stays taken until the task is stored.
            receipt = (await service.SubmitAsync([TaskBodies.ReadOne(body)], context.RequestAborted))[0];
        }

        if (receipt.Outcome == SubmitStatus.Conflict)
        {
            throw new ProblemException(Problem.TaskIdTaken(receipt.TaskId, receipt.Status));
        }

        if (wait > TimeSpan.Zero && await WaitAsync(receipt.TaskId, wait, context, service, memory) is HeldResult result)
        {
            return new ResultAnswer(result);
        }

        return TypedResults.Accepted(PathOf(receipt.TaskId), ReceiptOf(receipt));
    }

    private static async Task<Accepted<BatchReceipt>> SubmitBatchAsync(HttpContext context, BodyReader bodies, ITaskService service)
    {
        string type = BodyReader.MediaTypeOf(context.Request, TaskBodies.BatchTypes);
        using RequestBody body = await bodies.ReadAsync(context.Request);
        List<TaskSpec> tasks = await TaskBodies.ReadManyAsync(body, type, context.RequestAborted);
        IReadOnlyList<TaskReceipt> receipts = await service.SubmitAsync(tasks, context.RequestAborted);
        return TypedResults.Accepted("/tasks", new BatchReceipt
        {
            Tasks =
            [
                .. receipts.Select(receipt => receipt.Outcome == SubmitStatus.Conflict
                    ? new SubmitReceipt { TaskId = receipt.TaskId, Error = Problem.TaskIdTaken(receipt.TaskId, receipt.Status) }
                    : ReceiptOf(receipt)),
            ],
            Refused = receipts.Count(receipt => receipt.Outcome == SubmitStatus.Conflict),
        });
    }

    private static async Task<Ok<TaskList>> ListAsync(HttpRequest request, ITaskService service, CancellationToken cancellationToken)
    {
        QueryReader query = new(request);
        TaskFilter filter = new()
        {
            Status = query.Choice("status", Statuses),
            CodeExecutor = query.Text("executor"),
            ExecutorId = query.Text("executor_id"),
            Name = query.Text("name"),
            Runtime = query.Text("runtime"),
            Since = query.Parsed<DateTimeOffset>("since", "milliseconds since the Unix epoch", ReadTime),
        };
        int limit = query.Integer("limit", 1, 1_000, DefaultPage);
        TaskCursor? cursor = query.Parsed<TaskCursor>(
            "cursor", "the next_cursor of a page", text => TaskCursor.TryParse(text, out TaskCursor found) ? found : null);
        query.ThrowIfBad();
        TaskPage page = await service.ListAsync(filter, limit, cursor, cancellationToken);
        return TypedResults.Ok(new TaskList { Tasks = [.. page.Tasks.Select(TaskSummary.Of)], NextCursor = page.Next?.ToString() });
    }

    private static async Task<Ok<TaskDetail>> GetAsync(string id, ITaskService service, CancellationToken cancellationToken) =>
        TypedResults.Ok(TaskDetail.Of(await FindAsync(id, service, cancellationToken)));

    private static async Task<Results<ResultAnswer, Accepted<SubmitReceipt>>> GetResultAsync(
        string id, HttpContext context, ITaskService service, ResultMemory memory)
    {
        ResourceId.Require("task", id);
        QueryReader query = new(context.Request);
        TimeSpan wait = query.Seconds("wait", WaitLimit.Longest);
        query.ThrowIfBad();
        HeldResult? result = wait > TimeSpan.Zero ? await WaitAsync(id, wait, context, service, memory) : await ReadAsync();
        if (result is not null)
        {
            return new ResultAnswer(result);
        }

        ExecutionStatus status = (await FindAsync(id, service, context.RequestAborted)).Record.State.Status;
        // It may have ended between the two looks.
        return status.IsFinal() && await ReadAsync() is HeldResult late
            ? new ResultAnswer(late)
            : TypedResults.Accepted($"{PathOf(id)}/result", new SubmitReceipt { TaskId = id, Status = status });

        Task<HeldResult?> ReadAsync() => memory.ReadAsync(token => service.GetResultAsync(id, token), context.RequestAborted);
    }

    private static async Task OutputAsync(
        string id, HttpContext context, ITaskService service, ResultMemory memory, TimeProvider time, ApiOptions options)
    {
        ResourceId.Require("task", id);
        QueryReader query = new(context.Request);
        string? last = context.Request.Headers["Last-Event-ID"] is [string header, ..] ? header : null;
        OutputPosition? after = query.Parsed<OutputPosition>("after", "the id of an event of this stream (attempt.stdout.stderr)", Read) ?? Read(last ?? "");
        bool isText = query.Choice("format", [("sse", false), ("text", true)]) ?? context.Request.Headers.Accept == MediaTypeNames.Text.Plain;
        query.ThrowIfBad();
        StoredTask task = await FindAsync(id, service, context.RequestAborted);
        using MemoryShare? share = task.Record.State.Status.IsFinal()
            ? await memory.ReserveAsync(token => service.GetResultAsync(id, token), context.RequestAborted)
            : null;
        if (share is not null)
        {
            ResultAnswer.DemandHaste(context);
        }

        OutputWriter output = new(context, service, time, options.KeepAlive);
        await output.WriteAsync(id, after ?? default, isText);

        static OutputPosition? Read(string text) => OutputPosition.TryParse(text, out OutputPosition position) ? position : null;
    }

    private static async Task<Results<Ok<SubmitReceipt>, Accepted<SubmitReceipt>>> CancelAsync(
        string id, ITaskService service, CancellationToken cancellationToken)
    {
        CancelOutcome outcome = await service.CancelAsync(ResourceId.Require("task", id), cancellationToken);
        ExecutionStatus status = outcome == CancelOutcome.NotFound
            ? throw ProblemKinds.NotFound("task", id)
            : (await FindAsync(id, service, cancellationToken)).Record.State.Status;
        SubmitReceipt receipt = new() { TaskId = id, Status = status, AlreadyEnded = outcome == CancelOutcome.AlreadyEnded };
        return outcome switch
        {
            CancelOutcome.Requested => TypedResults.Accepted(PathOf(id), receipt),
            CancelOutcome.AlreadyEnded when status is ExecutionStatus.Completed or ExecutionStatus.Failed =>
                throw ProblemKinds.Conflict($"task '{id}' has ended already: {status.ToString().ToUpperInvariant()}"),
            _ => TypedResults.Ok(receipt),
        };
    }

    private static SubmitReceipt ReceiptOf(TaskReceipt receipt) =>
        new() { TaskId = receipt.TaskId, Status = receipt.Status, Existing = receipt.Outcome == SubmitStatus.Existing };

    private static async Task<HeldResult?> WaitAsync(string id, TimeSpan wait, HttpContext context, ITaskService service, ResultMemory memory)
    {
        using WaitingScope waiting = new(context);
        return await memory.HoldAsync(
            waiting.UntilStopAsync(token => service.WaitAsync(id, wait, token)), token => service.GetResultAsync(id, token), context.RequestAborted);
    }

    private static async Task<StoredTask> FindAsync(string id, ITaskService service, CancellationToken cancellationToken) =>
        await service.GetAsync(ResourceId.Require("task", id), cancellationToken) ?? throw ProblemKinds.NotFound("task", id);

    private static DateTimeOffset? ReadTime(string text) =>
        long.TryParse(text, out long milliseconds) && milliseconds is >= 0 and <= 253_402_300_799_999
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;

    private static string PathOf(string id) => $"/tasks/{Uri.EscapeDataString(id)}";
}
