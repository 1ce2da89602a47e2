using Executor.Storage.Sql.Databases;
using Executor.Storage.Sql.Postgres;
using Executor.Tasks;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Executor.Storage.Sql.Tests.Postgres;

/// <summary>Few connections.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresPoolTests(PostgresFixture postgres)
{
    private const int Callers = 300;

    [Fact]
    public async Task Store_that_reads_on_one_connection_serves_many_at_once_with_three()
    {
        string name = $"few-{Guid.NewGuid():N}";
        string connection = $"{await postgres.NewSchemaAsync()};Application Name={name}";
        await using NpgsqlDataSource looking = NpgsqlDataSource.Create($"{connection}-looking");
        await using ITaskStore store = await SqlTaskStores.OpenPostgresAsync(
            connection,
            SqlStoreOptions.Default with { MaxReaders = 1, Claim = new WriterClaim("few", isExclusive: false) },
            TimeProvider.System,
            NullLogger.Instance,
            default);

        Task all = Task.WhenAll(Enumerable.Range(0, Callers).Select(async i =>
        {
            await store.SubmitAsync(new TaskSubmission(new TaskSpec { TaskId = $"t{i}", Language = "python", Code = "1" }, DateTimeOffset.UnixEpoch), default);
            Assert.NotNull(await store.GetAsync($"t{i}", default));
            await store.GetStatesAsync([$"t{i}"], default);
        }));
        long most = 0;
        while (!all.IsCompleted)
        {
            await using NpgsqlCommand count = looking.CreateCommand("SELECT count(*) FROM pg_stat_activity WHERE application_name = @name");
            count.Parameters.AddWithValue("name", name);
            most = long.Max(most, (long)(await count.ExecuteScalarAsync())!);
        }

        await all;
        Assert.Equal(3, most);
    }

    [Fact]
    public void What_the_connection_string_says_itself_wins()
    {
        NpgsqlConnectionStringBuilder silent = PostgresPool.Bound("Host=db", 2);
        NpgsqlConnectionStringBuilder said = PostgresPool.Bound("Host=db;Maximum Pool Size=50;Connection Idle Lifetime=90;Application Name=ours", 2);
        NpgsqlConnectionStringBuilder least = PostgresPool.Bound("Host=db;Minimum Pool Size=5", 2);

        Assert.Equal((2, 30, "executor"), (silent.MaxPoolSize, silent.ConnectionIdleLifetime, silent.ApplicationName));
        Assert.Equal((50, 90, "ours"), (said.MaxPoolSize, said.ConnectionIdleLifetime, said.ApplicationName));
        Assert.Equal((5, 5), (least.MinPoolSize, least.MaxPoolSize));
    }

    [Fact]
    public void String_that_can_t_be_read_is_told_without_its_password() =>
        Assert.DoesNotContain("sesame", Assert.Throws<StorageException>(() => SqlTaskStores.WithPool("Host=db;Password=sesame;Colour=red", 2)).Message, StringComparison.Ordinal);
}
