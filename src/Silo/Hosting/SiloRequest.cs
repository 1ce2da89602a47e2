using System.Net;

namespace Executor.Silo.Hosting;

/// <summary>What the command line asked of <c>silo</c>.</summary>
internal sealed record SiloRequest
{
    /// <summary>Address of the HTTP API; null: the configuration's.</summary>
    public string? Host { get; init; }

    /// <summary>Port of the HTTP API; null: the configuration's.</summary>
    public int? Port { get; init; }

    /// <summary>The address at which the other silos reach this one; null: the configuration's.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>Port for the other silos; null: the configuration's.</summary>
    public int? SiloPort { get; init; }

    /// <summary>Port for clients that call the grains; null: the configuration's.</summary>
    public int? GatewayPort { get; init; }

    /// <summary>The cluster's name; null: the configuration's.</summary>
    public string? Cluster { get; init; }

    /// <summary>The queue that it is for; null: the configuration's.</summary>
    public string? Queue { get; init; }

    /// <summary>Where files are kept, and without PostgreSQL the tasks.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Tasks at once in this process; 0: none.</summary>
    public required int MaxTasks { get; init; }

    /// <summary>What tasks may ask for by name, that this machine has.</summary>
    public required IReadOnlyList<string> Capabilities { get; init; }

    /// <summary>How long running tasks may take to finish when the silo is asked to end.</summary>
    public required TimeSpan Grace { get; init; }

    /// <summary>The PostgreSQL connection string; null: the configuration's, without which the silo is a cluster of its own.</summary>
    public string? Postgres { get; init; }

    /// <summary>What <c>--config</c> said.</summary>
    public string? ConfigPath { get; init; }
}
