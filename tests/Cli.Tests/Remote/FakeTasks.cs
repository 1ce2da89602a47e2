using System.Collections.Concurrent;
using System.Text.Json;
using Executor.Http.Wire;
using Executor.Tasks;
using Microsoft.AspNetCore.Http;

namespace Executor.Cli.Remote;

/// <summary>
/// Tasks as a server keeps them, without anything that runs them: a task has COMPLETED with its code as output as soon as somebody asks,
/// but one whose code is <c>hold</c> waits, one with <c>fail</c> has FAILED, and one with <c>bad</c> is refused.
/// </summary>
internal sealed class FakeTasks
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TaskSpec> _specs = [];

    /// <summary>Where those are that have ended.</summary>
    public ConcurrentDictionary<string, ExecutionStatus> Ended { get; } = [];

    /// <summary>How many tasks each batch brought.</summary>
    public ConcurrentQueue<int> Batches { get; } = [];

    /// <summary>Tasks that one batch may bring at most.</summary>
    public int MaxBatch { get; set; } = int.MaxValue;

    /// <summary>Set when a task of this id is asked for.</summary>
    public TaskCompletionSource<string> Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string? AskedFor { get; set; }

    /// <summary>Every task that was taken.</summary>
    public IReadOnlyDictionary<string, TaskSpec> Specs
    {
        get
        {
            lock (_lock)
            {
                return new Dictionary<string, TaskSpec>(_specs);
            }
        }
    }

    /// <summary>Loses a task.</summary>
    public void Forget(string taskId)
    {
        lock (_lock)
        {
            _specs.Remove(taskId);
        }
    }

    public Task AnswerAsync(HttpContext context, int before) => context.Request.Path.Value!.Split('/') switch
    {
        [_, "tasks"] => SubmitOneAsync(context),
        [_, "tasks", "batch"] => SubmitAsync(context),
        [_, "tasks", string id, "result"] => GiveResultAsync(context, id),
        [_, "tasks", string id, "cancel"] => CancelAsync(context, id),
        _ => FakeServer.ProblemAsync(context, 404, "\"detail\":\"not here\""),
    };

    private async Task SubmitOneAsync(HttpContext context)
    {
        TaskSpec task = (await context.Request.ReadFromJsonAsync(ApiJson.Wire.TaskSpec))!;
        Batches.Enqueue(1);
        if (task.Code == "bad")
        {
            await FakeServer.ProblemAsync(context, 400, """ "errors":[{"field":"code","message":"must not be bad"}] """);
            return;
        }

        SubmitReceipt receipt = Take(task);
        await (receipt.Error is Problem taken
            ? FakeServer.JsonAsync(context, JsonSerializer.Serialize(taken, ApiJson.Wire.Problem), 409, "application/problem+json")
            : FakeServer.JsonAsync(context, JsonSerializer.Serialize(receipt, ApiJson.Wire.SubmitReceipt), 202));
    }

    private async Task SubmitAsync(HttpContext context)
    {
        using JsonDocument body = await JsonDocument.ParseAsync(context.Request.Body);
        TaskSpec[] tasks = [.. body.RootElement.EnumerateArray().Select(task => task.Deserialize(ApiJson.Wire.TaskSpec)!)];
        Batches.Enqueue(tasks.Length);
        if (tasks.Length > MaxBatch)
        {
            await FakeServer.ProblemAsync(context, 413, "\"detail\":\"a body may have at most 1 MiB\"");
            return;
        }

        string[] faults = [.. tasks.Index().Where(task => task.Item.Code == "bad").Select(task => $$"""{"field":"tasks[{{task.Index}}].code","message":"must not be bad"}""")];
        if (faults.Length > 0)
        {
            await FakeServer.ProblemAsync(context, 400, $"\"errors\":[{string.Join(',', faults)}]");
            return;
        }

        BatchReceipt receipt = new() { Tasks = [.. tasks.Select(Take)] };
        await FakeServer.JsonAsync(context, JsonSerializer.Serialize(receipt, ApiJson.Wire.BatchReceipt), 202);
    }

    private SubmitReceipt Take(TaskSpec task)
    {
        string id = task.TaskId!;
        lock (_lock)
        {
            if (!_specs.TryGetValue(id, out TaskSpec? known))
            {
                _specs[id] = known = task;
            }

            return JsonSerializer.Serialize(known, ApiJson.Wire.TaskSpec) == JsonSerializer.Serialize(task, ApiJson.Wire.TaskSpec)
                ? new SubmitReceipt { TaskId = id, Status = Ended.GetValueOrDefault(id, ExecutionStatus.Pending) }
                : new SubmitReceipt { TaskId = id, Error = Problem.TaskIdTaken(id, ExecutionStatus.Pending) };
        }
    }

    private async Task GiveResultAsync(HttpContext context, string id)
    {
        if (id == AskedFor)
        {
            Asked.TrySetResult(id);
        }

        if (!Specs.TryGetValue(id, out TaskSpec? task))
        {
            await FakeServer.ProblemAsync(context, 404, $"\"detail\":\"there is no task '{id}'\"");
            return;
        }

        if (task.Code == "hold" && !Ended.ContainsKey(id))
        {
            await FakeServer.JsonAsync(context, JsonSerializer.Serialize(new SubmitReceipt { TaskId = id, Status = ExecutionStatus.Running }, ApiJson.Wire.SubmitReceipt), 202);
            return;
        }

        ExecutionStatus status = Ended.GetOrAdd(id, task.Code == "fail" ? ExecutionStatus.Failed : ExecutionStatus.Completed);
        await FakeServer.JsonAsync(context, JsonSerializer.Serialize(new TaskResult { TaskId = id, Status = status, Stdout = task.Code! }, ApiJson.Wire.TaskResult));
    }

    private Task CancelAsync(HttpContext context, string id)
    {
        if (!Specs.ContainsKey(id))
        {
            return FakeServer.ProblemAsync(context, 404, "\"detail\":\"none\"");
        }

        Ended.TryAdd(id, ExecutionStatus.Cancelled);
        return FakeServer.JsonAsync(context, JsonSerializer.Serialize(new SubmitReceipt { TaskId = id, Status = Ended[id] }, ApiJson.Wire.SubmitReceipt));
    }
}
