using Executor.Storage.Sql.Tests.Postgres;

namespace Executor.Silo;

/// <summary>A test that needs PostgreSQL's server on this machine.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute() => Skip = PostgresServer.WhyNot;
}
