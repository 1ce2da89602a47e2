using System.Data.Common;
using Npgsql;

namespace Executor.Storage.Sql.Postgres;

/// <summary>What a connection string leaves open of its connections: how many there are, for how long, and what they are called.</summary>
internal static class PostgresPool
{
    // Those that a busy minute has made are for others of the server's hundred in the next one.
    private const int IdleSeconds = 30;

    // How long it is believed which of several servers is the primary: as long as nobody can write after a failover.
    private const int PrimarySeconds = 2;

    /// <summary>The string, with a pool of at most so many connections. What it says itself wins.</summary>
    /// <exception cref="StorageException">It can't be read.</exception>
    public static NpgsqlConnectionStringBuilder Bound(string connectionString, int most)
    {
        try
        {
            NpgsqlConnectionStringBuilder settings = new(connectionString);
            settings.ApplicationName ??= "executor";
            if (!Says(connectionString, "MaxPoolSize", "MaximumPoolSize"))
            {
                settings.MaxPoolSize = int.Max(most, settings.MinPoolSize);
            }

            if (!Says(connectionString, "ConnectionIdleLifetime", "ConnectionPruningInterval"))
            {
                settings.ConnectionIdleLifetime = IdleSeconds;
            }

            if (!Says(connectionString, "HostRecheckSeconds"))
            {
                settings.HostRecheckSeconds = PrimarySeconds;
            }

            return settings;
        }
        catch (ArgumentException exception)
        {
            // Its message may quote the string, which holds a password.
            throw new StorageException(
                "The PostgreSQL connection string can't be read; it has the form Host=db;Port=5432;Database=executor;Username=u;Password=p.",
                isTransient: false,
                exception);
        }
    }

    /// <summary>Whether a string has one of these keywords, written without blanks.</summary>
    public static bool Says(string connectionString, params ReadOnlySpan<string> names)
    {
        foreach (string key in new DbConnectionStringBuilder { ConnectionString = connectionString }.Keys)
        {
            if (names.Contains(key.Replace(" ", "", StringComparison.Ordinal), StringComparer.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
