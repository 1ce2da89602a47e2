using Executor.Clocks;
using Executor.Configuration;
using Executor.Engine;
using Executor.Engine.Callbacks;
using Executor.Executors;
using Executor.Runners.Plans;
using Executor.Storage;
using Executor.Storage.Sql;
using Executor.Storage.Sql.Databases;
using Executor.Tasks;
using Microsoft.Extensions.Logging;

namespace Executor.Hosting.Serving;

/// <summary>What every server is put together from, whether its engine is in this process or in a cluster.</summary>
public static class ServerParts
{
    /// <summary>What a server alone claims in its database: the name under which a cluster's scheduler of the default queue does.</summary>
    public const string SchedulerClaim = "q-default/0";

    // A server alone writes and holds its database; a silo has as many for the cluster's own affairs.
    private const int NotReading = 2;
    private const int ServerConnections = 18;

    /// <summary>The configuration's <c>server</c>, but for what the command line says.</summary>
    /// <param name="local">What the configuration belongs to.</param>
    /// <param name="host">Address to listen on; null: the configuration's.</param>
    /// <param name="port">Port; null: the configuration's.</param>
    public static ServerOptions ServerAt(this LocalHost local, string? host, int? port) => local.Configuration.Server with
    {
        Host = host ?? local.Configuration.Server.Host,
        Port = port ?? local.Configuration.Server.Port,
    };

    /// <summary>How its engine works: by the configuration, and taking what can be run here.</summary>
    public static EngineOptions EngineOptionsFor(this LocalHost local, ServerOptions server, ResultCallbacks callbacks) => new()
    {
        MaxQueue = server.MaxQueue,
        PriorityAging = server.PriorityAging,
        Retention = local.Configuration.Storage.Retention,
        FindCodeExecutor = name => CodeExecutorChoice.Named(local.Configuration.CodeExecutors, name),
        Callbacks = callbacks,
        Admit = task => FaultsOf(local, task, server.CallbackHosts),
    };

    /// <summary>Posts results to the hosts and ports that may be called back, and to none that those point at.</summary>
    public static ResultCallbacks CallbacksFor(ServerOptions server) => new(
        server.CallbackHosts, new SocketsHttpHandler { AllowAutoRedirect = false }, SteadyTime.System);

    /// <summary>The SQLite file of a server without PostgreSQL: the configuration's, else one in its data folder.</summary>
    public static string SqlitePathIn(this LocalHost local, string dataFolder) =>
        Path.GetFullPath(local.Configuration.Storage.SqlitePath ?? Path.Combine(dataFolder, SqlTaskStores.FileName));

    /// <summary>Holds the SQLite file, wherever links lead to it: two servers on one would run each other's tasks.</summary>
    /// <exception cref="UsageException">Another server holds it.</exception>
    public static HeldFile HoldSqlite(this LocalHost local, string sqlitePath)
    {
        bool isConfigured = local.Configuration.Storage.SqlitePath is not null;
        FileInfo file = new(sqlitePath);
        // Asked only of what is a link: a file that is still to be made has no target.
        string target = file.LinkTarget is null ? sqlitePath : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        return HeldFile.Open(
            $"{target}.lock", isConfigured ? "storage.sqlite" : "--data", sqlitePath, isConfigured ? "name another file" : "name another folder");
    }

    /// <summary>Opens the store.</summary>
    /// <param name="local">Where it logs.</param>
    /// <param name="postgres">The PostgreSQL connection string; null: it is SQLite.</param>
    /// <param name="sqlitePath">The SQLite file.</param>
    /// <param name="claim">What its writes are made under; null: nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="schema">The schema of PostgreSQL; null: the connection's own.</param>
    /// <param name="connections">Most connections to PostgreSQL, where the configuration says nothing.</param>
    /// <exception cref="StorageException">It can't be opened.</exception>
    public static Task<ITaskStore> OpenStoreAsync(
        this LocalHost local, string? postgres, string sqlitePath, WriterClaim? claim, CancellationToken cancellationToken, string? schema = null,
        int connections = ServerConnections)
    {
        ILogger log = local.Logging.CreateLogger("Executor.Storage");
        int readers = (local.Configuration.Storage.PostgresConnections ?? connections) - NotReading;
        SqlStoreOptions options = SqlStoreOptions.Default with { Claim = claim, Schema = schema, MaxReaders = readers };
        return postgres is not null
            ? SqlTaskStores.OpenPostgresAsync(postgres, options, SteadyTime.System, log, cancellationToken)
            : SqlTaskStores.OpenSqliteAsync(sqlitePath, options, SteadyTime.System, log, cancellationToken);
    }

    /// <summary>A PostgreSQL connection string for the cluster's own affairs: who is in it, and what grains keep.</summary>
    /// <exception cref="StorageException">It can't be read.</exception>
    public static string ForCluster(string postgres) => SqlTaskStores.WithPool(postgres, NotReading);

    /// <summary>Why a server here refuses a task, valid as it may be; empty when it takes it.</summary>
    private static List<ValidationFault> FaultsOf(LocalHost local, TaskSpec task, IReadOnlyCollection<CallbackHost> callbackHosts)
    {
        List<ValidationFault> faults = [];
        CodeExecutorChoice.Check(local.Configuration.CodeExecutors, local.Runners, task, faults);
        if (task.Capabilities is null or { Count: 0 })
        {
            // One that asks for capabilities is for an executor that may know other languages than this one.
            faults.AddRange(ExecutionPlanner.Choose(task, local.Runtimes, out _));
        }

        if (ResultCallbacks.FaultOf(task, callbackHosts) is ValidationFault fault)
        {
            faults.Add(fault);
        }

        return faults;
    }
}
