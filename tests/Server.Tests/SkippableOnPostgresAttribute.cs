using Executor.Storage.Sql.Tests.Postgres;

namespace Executor.Server;

/// <summary>A test that is skipped, with the reason, where there is no PostgreSQL server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SkippableOnPostgresAttribute : FactAttribute
{
    public SkippableOnPostgresAttribute() => Skip = PostgresServer.WhyNot;
}
