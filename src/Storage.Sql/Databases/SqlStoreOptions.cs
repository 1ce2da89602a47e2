namespace Executor.Storage.Sql.Databases;

/// <summary>How a database is written to.</summary>
public sealed record SqlStoreOptions
{
    /// <summary>What survives of acknowledged writes in SQLite. Default <see cref="SqliteDurability.PowerLoss"/>.</summary>
    public SqliteDurability Durability { get; init; }

    /// <summary>How much of each output is kept. Default 16 MiB.</summary>
    public OutputLimit OutputLimit { get; init; } = OutputLimit.Default;

    /// <summary>Writes that may wait for their turn; callers over it wait for room. Range 1 and up. Default 10,000.</summary>
    public int MaxWaitingWrites { get; init; } = 10_000;

    /// <summary>Tasks in one transaction, at most. Range 1 and up. Default 1,000.</summary>
    public int MaxBatch { get; init; } = 1_000;

    /// <summary>Characters of specs and outputs after which no more writes join a transaction. Range 1 and up. Default 8 Mi.</summary>
    public int MaxBatchCharacters { get; init; } = 8 * 1024 * 1024;

    /// <summary>How long a write or read is repeated while the database is away or busy, before it fails. Range 0 and up. Default 30 s.</summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often attempts that run are noted. Those that end sooner cost no write. Range over 0. Default 1 s.</summary>
    public TimeSpan RunningMarkInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The right to be the only writer of its name, taken over from whoever had it when the store is opened. In SQLite, whose file
    /// has one process, it is not looked after. Null: anybody may write. Default null.
    /// </summary>
    public WriterClaim? Claim { get; init; }

    /// <summary>
    /// The schema of PostgreSQL that its tables are in, made where it is missing: stores of different schemas share a database and know nothing of each
    /// other. Lower-case letters, digits and <c>_</c>, at most 63. Null: the connection's own. Default null.
    /// </summary>
    public string? Schema { get; init; }

    /// <summary>
    /// Connections to PostgreSQL that read at once; who needs another waits for one. Beside them there are one that writes, and with a claim one that is its sign of life.
    /// A <c>Maximum Pool Size</c> of the connection string wins. Range 1 to 1,000. Default 16.
    /// </summary>
    public int MaxReaders { get; init; } = 16;

    /// <summary>The defaults.</summary>
    public static SqlStoreOptions Default { get; } = new();
}

/// <summary>What survives of acknowledged writes in SQLite. The file itself is never damaged by any of these.</summary>
public enum SqliteDurability
{
    /// <summary>
    /// They survive the death of the process and of the machine: each transaction waits for the disk. Many callers share one wait, so it
    /// costs a caller that is alone the most. <c>synchronous=FULL</c>.
    /// </summary>
    PowerLoss,

    /// <summary>
    /// They survive the death of this process at any moment (<c>kill -9</c>), but when the machine loses power or its kernel
    /// crashes, the last ones may be gone, back to SQLite's last checkpoint. <c>synchronous=NORMAL</c>.
    /// </summary>
    ProcessCrash,
}
