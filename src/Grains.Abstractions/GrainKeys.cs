using System.Globalization;

namespace Executor.Grains;

/// <summary>The keys of grains. Each kind has its own prefix: storage tells grains apart by their keys alone.</summary>
public static class GrainKeys
{
    /// <summary>The queue that everything is in unless a host says otherwise.</summary>
    public const string DefaultQueue = "default";

    /// <summary>The scheduler of a part of a queue.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="shard">Which part of it, from 0.</param>
    public static string Scheduler(string queue, int shard = 0) => string.Create(CultureInfo.InvariantCulture, $"q-{queue}/{shard}");

    /// <summary>A task.</summary>
    public static string Task(string queue, string taskId) => $"t-{queue}/{taskId}";

    /// <summary>An executor.</summary>
    public static string Executor(string queue, string executorId) => $"e-{queue}/{executorId}";

    /// <summary>The jobs of a queue.</summary>
    public static string Jobs(string queue) => $"j-{queue}";

    /// <summary>A session.</summary>
    public static string Session(string queue, string sessionId) => $"s-{queue}/{sessionId}";

    /// <summary>The sessions of a queue, by name.</summary>
    public static string Sessions(string queue) => $"i-{queue}";

    /// <summary>What comes after the prefix of a key: the queue, and what the key names in it.</summary>
    public static (string Queue, string Name) Split(string key)
    {
        int slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (key[2..], "") : (key[2..slash], key[(slash + 1)..]);
    }
}
