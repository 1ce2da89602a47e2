using System.Net;
using Executor.Grains;
using Executor.Hosting.Serving;
using Npgsql;

namespace Executor.Silo;

/// <summary>A cluster and a server alone that are given the same database.</summary>
public sealed class SharedDatabaseTests
{
    [Fact]
    public void Server_alone_claims_what_a_scheduler_does() =>
        Assert.Equal(ServerParts.SchedulerClaim, GrainKeys.Scheduler(GrainKeys.DefaultQueue));

    [Fact]
    public async Task Server_alone_keeps_a_cluster_from_its_database_until_it_ends()
    {
        Requirement.Postgres();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("executor-silo-tests-");
        await using ThrowawayCluster cluster = await ThrowawayCluster.StartNewAsync(PostgresServer.Folder);
        await using NpgsqlConnection server = new($"{cluster.ConnectionString};Pooling=false");
        await server.OpenAsync();
        // As executor serve does.
        await using NpgsqlCommand hold = new("SELECT pg_advisory_lock(hashtextextended(current_schema()::text, 7311705472882732915))", server);
        await hold.ExecuteNonQueryAsync();
        using (SiloProcess silo = SiloProcess.Start(folder.FullName, cluster.ConnectionString))
        {
            await Poll.UntilAsync("it says why", () => Task.FromResult(silo.Said.Contains("Another server uses this PostgreSQL database", StringComparison.Ordinal)));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await silo.GetAsync("/ready")).Status);

            await server.CloseAsync();
            await silo.ReadyAsync();
        }

        folder.Delete(recursive: true);
    }
}
