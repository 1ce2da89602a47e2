using System.Net;
using Npgsql;

namespace Executor.Silo;

/// <summary>What a load balancer is told.</summary>
public sealed class SiloHealthTests
{
    [Fact]
    public async Task Silo_that_is_asked_to_end_is_alive_but_not_ready_until_its_tasks_are_done()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("executor-silo-tests-");
        using (SiloProcess silo = SiloProcess.Start(folder.FullName, postgres: null))
        {
            await silo.ReadyAsync();
            using Gate gate = new();
            await silo.SubmitAsync(["long"], new Work(gate.Wait, UseSandbox: false));
            await Poll.UntilAsync("it runs", async () => (await silo.GetAsync("/tasks/long")).Body.Contains("RUNNING", StringComparison.Ordinal));

            silo.Terminate();
            await Poll.UntilAsync("it is not ready any more", async () => (await silo.GetAsync("/ready")).Status == HttpStatusCode.ServiceUnavailable);

            Assert.Contains("urn:executor:problem:draining", (await silo.GetAsync("/ready")).Body, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await silo.GetAsync("/health")).Status);
            Assert.Contains("RUNNING", (await silo.GetAsync("/tasks/long")).Body, StringComparison.Ordinal);
            gate.Open();
            Assert.Equal(0, await silo.EndAsync());
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Silo_is_not_ready_while_the_database_is_away()
    {
        Requirement.Postgres();
        await using SiloCluster cluster = await SiloCluster.StartAsync(silos: 2);

        await cluster.Postgres.CrashAsync();
        foreach (SiloProcess silo in cluster.Silos)
        {
            await Poll.UntilAsync("it is not ready", async () => (await silo.GetAsync("/ready")).Status == HttpStatusCode.ServiceUnavailable);
            Assert.Equal(HttpStatusCode.OK, (await silo.GetAsync("/health")).Status);
        }

        await cluster.Postgres.StartAsync();
        await Task.WhenAll(cluster.Silos.Select(silo => silo.ReadyAsync()));
    }

    [Fact]
    public async Task Silo_is_not_ready_while_the_database_is_read_only_and_says_so()
    {
        Requirement.Postgres();
        await using SiloCluster cluster = await SiloCluster.StartAsync(silos: 2);

        await SetAsync(cluster, "ALTER SYSTEM SET default_transaction_read_only = on");
        foreach (SiloProcess silo in cluster.Silos)
        {
            await Poll.UntilAsync("it says so", async () => await silo.GetAsync("/ready") is (HttpStatusCode.ServiceUnavailable, string body)
                && body.Contains("the database is read-only", StringComparison.Ordinal));
        }

        await SetAsync(cluster, "ALTER SYSTEM RESET default_transaction_read_only");
        await Task.WhenAll(cluster.Silos.Select(silo => silo.ReadyAsync()));
    }

    private static async Task SetAsync(SiloCluster cluster, string setting)
    {
        await using NpgsqlConnection connection = new($"{cluster.Postgres.ConnectionString};Pooling=false;Options=-c default_transaction_read_only=off");
        await connection.OpenAsync();
        foreach (string sql in (string[])[setting, "SELECT pg_reload_conf()"])
        {
#pragma warning disable CA2100 // The tests' own statements.
            await using NpgsqlCommand command = new(sql, connection);
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync();
        }
    }
}
