namespace Executor.Cli.Serving;

/// <summary>The database of a server under test, by its kind: <c>sqlite</c> or <c>postgres</c>.</summary>
internal static class ServerDatabase
{
    /// <summary>Starts a PostgreSQL of the test's own; null: none is needed, SQLite is a file of the server's.</summary>
    public static async Task<ThrowawayCluster?> StartAsync(string kind)
    {
        if (kind == "sqlite")
        {
            return null;
        }

        Requirement.Postgres();
        return await ThrowawayCluster.StartNewAsync(PostgresServer.Folder);
    }

    /// <summary>The section <c>storage</c> of a server's configuration; nothing for SQLite.</summary>
    public static string Section(ThrowawayCluster? cluster) => cluster is null ? "" : $"storage:\n  postgres: \"{cluster.ConnectionString}\"\n";

    /// <summary>Has a server in a folder use it.</summary>
    /// <returns>The arguments that it is to be started with.</returns>
    public static async Task<string[]> ConfigureAsync(string folder, ThrowawayCluster? cluster)
    {
        if (cluster is null)
        {
            return [];
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "config.yaml"), Section(cluster));
        return ["--config", "config.yaml"];
    }
}
