using Executor.Text;

namespace Executor.Storage;

/// <summary>Where tasks and results are kept: <c>storage</c>. At most one of SQLite and PostgreSQL is set; neither: SQLite in the data folder.</summary>
public sealed record StorageOptions
{
    /// <summary>Path of the SQLite file; <c>sqlite</c> in the file.</summary>
    public string? SqlitePath { get; init; }

    /// <summary>The PostgreSQL connection string; <c>postgres</c> in the file.</summary>
    public Secret? Postgres { get; init; }

    /// <summary>
    /// Most connections to PostgreSQL; <c>postgres_connections</c> in the file. Two are for writing and the sign of life, in a silo for the cluster's own affairs; the others
    /// read. Range 3 to 1,000. Default 18, in a silo 4.
    /// </summary>
    public int? PostgresConnections { get; init; }

    /// <summary>What is kept for how long.</summary>
    public RetentionOptions Retention { get; init; } = new();
}

/// <summary>What of ended tasks is kept: <c>storage.retention</c>.</summary>
public sealed record RetentionOptions
{
    /// <summary>Age above which ended tasks are removed; <c>max_age_days</c> in the file, 0: never by age. Range 1 to 36,500 days. Default 30 days.</summary>
    public TimeSpan? MaxAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Number of ended tasks above which the oldest are removed; 0 in the file: never by number. Range 1 to 2,147,483,647. Default 1,000,000.</summary>
    public int? MaxTasks { get; init; } = 1_000_000;
}
