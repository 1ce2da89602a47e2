using Executor.Silo.Network;
using Executor.Storage.Sql.Tests.Postgres;

namespace Executor.Silo;

/// <summary>A test that needs PostgreSQL's server, and networks of its own, on this machine.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NetworkFactAttribute : FactAttribute
{
    public NetworkFactAttribute() => Skip = PostgresServer.WhyNot ?? SplittableNetwork.WhyNot;
}
