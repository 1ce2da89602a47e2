using System.Text.Json.Serialization;

namespace Executor.Storage;

/// <summary>Where a callback is that has not been delivered; one that has is no more. On the wire: the upper-case name.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CallbackState>))]
public enum CallbackState
{
    /// <summary>It is to be tried, or tried again.</summary>
    [JsonStringEnumMemberName("WAITING")]
    Waiting,

    /// <summary>It has been given up.</summary>
    [JsonStringEnumMemberName("DEAD")]
    Dead,
}

/// <summary>A result that is to be posted to its task's <c>callback_url</c>. It is kept with the end of the task, in one write.</summary>
public sealed record CallbackRecord
{
    /// <summary>The store's own number: that of the task, which ends once.</summary>
    public required long Sequence { get; init; }

    /// <summary>The task.</summary>
    public required string TaskId { get; init; }

    /// <summary>Where its result goes.</summary>
    public required string Url { get; init; }

    /// <summary>Where it is.</summary>
    public CallbackState State { get; init; }

    /// <summary>Posts that failed.</summary>
    public int Attempts { get; init; }

    /// <summary>When the task ended, to the millisecond.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>When it is to be tried, to the millisecond; of a dead one, when it was given up.</summary>
    public required DateTimeOffset NextAt { get; init; }

    /// <summary>Why the last post failed; null: none has.</summary>
    public string? Error { get; init; }

    /// <summary>What callbacks are kept apart by: host and port of an address.</summary>
    /// <param name="url">An absolute address.</param>
    public static string HostOf(string url) => new Uri(url).Authority.ToLowerInvariant();
}

/// <summary>A piece of the list of callbacks, the newest tasks first.</summary>
/// <param name="Callbacks">The callbacks.</param>
/// <param name="Next">After which <see cref="CallbackRecord.Sequence"/> the next piece begins; null: this was the last one.</param>
public sealed record CallbackPage(IReadOnlyList<CallbackRecord> Callbacks, long? Next);

/// <summary>How many callbacks there are.</summary>
/// <param name="Waiting">Those that are to be tried.</param>
/// <param name="Dead">Those that have been given up.</param>
public readonly record struct CallbackCounts(long Waiting, long Dead);
