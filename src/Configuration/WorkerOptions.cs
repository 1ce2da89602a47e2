namespace Executor.Configuration;

/// <summary>A local worker process that the server starts and keeps alive: an entry of <c>executors</c>, one per Python environment, say.</summary>
public sealed record WorkerOptions
{
    /// <summary>Its name: the <c>executor_id</c> it registers with.</summary>
    public required string Name { get; init; }

    /// <summary>Its Python interpreter (<c>/venvs/torch2/bin/python</c>); null: the runtime's own.</summary>
    public string? Python { get; init; }

    /// <summary>Tasks it runs at once. Range 1 to 1,000. Default 1.</summary>
    public int MaxTasks { get; init; } = 1;

    /// <summary>What it offers to tasks that ask for capabilities. Default none.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>Environment variables of the worker process, on top of the server's.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();
}
