using System.Text.Json.Serialization;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Http.Wire;

/// <summary>A task as lists show it. Times are milliseconds since the Unix epoch.</summary>
public record TaskSummary
{
    /// <summary>The task.</summary>
    public required string TaskId { get; init; }

    /// <summary>A name for people.</summary>
    public string? Name { get; init; }

    /// <summary>Where it is. RUNNING may be told up to a second late.</summary>
    public required ExecutionStatus Status { get; init; }

    /// <summary>The attempt that runs, ran last, or will run next. From 1.</summary>
    public int Attempt { get; set; } = 1; // settable: the JSON source generator resets an init-only member that the JSON does not name

    /// <summary>Higher runs first.</summary>
    public int Priority { get; init; }

    /// <summary>The kind of runner it asks for; null: any.</summary>
    public RunnerKind? Runner { get; init; }

    /// <summary>The named code executor it asks for; null: the default one.</summary>
    public string? Executor { get; init; }

    /// <summary>The registered executor that holds it or ran it; null while it waits.</summary>
    public string? ExecutorId { get; init; }

    /// <summary>The runtime that ran it; before, the language it asks for.</summary>
    public string? RuntimeId { get; init; }

    /// <summary>What an executor must have to be given the task; null: nothing.</summary>
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <summary>What it occupies while it runs; null: a slot and nothing else.</summary>
    public ResourceRequest? Resources { get; init; }

    /// <summary>Ids of tasks that must be COMPLETED first; null: none.</summary>
    public IReadOnlyList<string>? DependsOn { get; init; }

    /// <summary>Whether somebody asked for its end.</summary>
    public bool CancelRequested { get; init; }

    /// <summary>When it was submitted.</summary>
    public long SubmitTimeMs { get; init; }

    /// <summary>When it fails unless it has started; null: never.</summary>
    public long? ExpireTimeMs { get; init; }

    /// <summary>When the next attempt may start; null: at once.</summary>
    public long? NotBeforeTimeMs { get; init; }

    /// <summary>When its current attempt began to run; null: it has not, or that was not recorded.</summary>
    public long? StartTimeMs { get; init; }

    /// <summary>When it ended; null: it has not.</summary>
    public long? EndTimeMs { get; init; }

    /// <summary>Ended attempts that count against its own retry policy. Left out where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Failures { get; init; }

    /// <summary>Failures of the server's own machinery that were repeated without being asked. Left out where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int InfrastructureRetries { get; init; }

    /// <summary>Losses of its executor that were repeated without being asked. Left out where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int LossRetries { get; init; }

    /// <summary>The <c>id</c> of its result; null: it has not ended.</summary>
    public Guid? ResultId { get; init; }

    /// <summary>A task as it is stored.</summary>
    public static TaskSummary Of(TaskRecord task) => new()
    {
        TaskId = task.TaskId,
        Name = task.Name,
        Status = task.State.Status,
        Attempt = task.State.Attempt,
        Priority = task.Priority,
        Runner = task.Runner,
        Executor = task.CodeExecutor,
        ExecutorId = task.State.ExecutorId,
        RuntimeId = task.State.Runtime,
        Capabilities = task.Capabilities is { Count: > 0 } capabilities ? capabilities : null,
        Resources = task.Resources,
        DependsOn = task.DependsOn is { Count: > 0 } parents ? parents : null,
        CancelRequested = task.State.CancelRequested,
        SubmitTimeMs = task.SubmittedAt.ToUnixTimeMilliseconds(),
        ExpireTimeMs = task.ExpiresAt?.ToUnixTimeMilliseconds(),
        NotBeforeTimeMs = task.State.NotBefore?.ToUnixTimeMilliseconds(),
        StartTimeMs = task.State.StartedAt?.ToUnixTimeMilliseconds(),
        EndTimeMs = task.State.EndedAt?.ToUnixTimeMilliseconds(),
        Failures = task.State.Failures,
        InfrastructureRetries = task.State.InfrastructureRetries,
        LossRetries = task.State.LossRetries,
        ResultId = task.State.ResultId,
    };

    /// <summary>The task as the service tells it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A time is none.</exception>
    public TaskRecord ToRecord() => new()
    {
        TaskId = TaskId,
        Name = Name,
        Runner = Runner,
        CodeExecutor = Executor,
        Capabilities = Capabilities ?? [],
        Resources = Resources,
        DependsOn = DependsOn ?? [],
        Priority = Priority,
        SubmittedAt = DateTimeOffset.FromUnixTimeMilliseconds(SubmitTimeMs),
        ExpiresAt = WireTime.Of(ExpireTimeMs),
        State = new TaskState
        {
            Status = Status,
            Attempt = Attempt,
            ExecutorId = ExecutorId,
            Runtime = RuntimeId,
            NotBefore = WireTime.Of(NotBeforeTimeMs),
            StartedAt = WireTime.Of(StartTimeMs),
            EndedAt = WireTime.Of(EndTimeMs),
            Failures = Failures,
            InfrastructureRetries = InfrastructureRetries,
            LossRetries = LossRetries,
            CancelRequested = CancelRequested,
            ResultId = ResultId,
        },
    };
}
