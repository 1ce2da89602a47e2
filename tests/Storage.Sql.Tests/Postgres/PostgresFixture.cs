using System.Globalization;
using Npgsql;

namespace Executor.Storage.Sql.Tests.Postgres;

/// <summary>One server for all tests that don't stop it; each test has a schema of its own in it.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private ThrowawayCluster? _cluster;
    private int _schemas;

    /// <summary>The connection string of a schema with nothing in it. Skips the test that asks where there is no server.</summary>
    public async Task<string> NewSchemaAsync()
    {
        Requirement.Postgres();
        string schema = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _schemas)}");
        await using var connection = new NpgsqlConnection(_cluster!.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE SCHEMA {schema}", connection);
        await command.ExecuteNonQueryAsync();
        return $"{_cluster.ConnectionString};Search Path={schema}";
    }

    public async ValueTask InitializeAsync()
    {
        if (PostgresServer.WhyNot is null)
        {
            _cluster = await ThrowawayCluster.StartNewAsync(PostgresServer.Folder);
        }
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }
}

[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<PostgresFixture>
{
    public const string Name = "PostgreSQL";
}
