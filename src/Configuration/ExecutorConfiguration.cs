using Executor.Executors;
using Executor.Limits;
using Executor.Runtimes;
using Executor.Sessions;
using Executor.Storage;

namespace Executor.Configuration;

/// <summary>Everything <c>config.yaml</c> and the environment say. Read by <see cref="ConfigurationLoader"/>.</summary>
public sealed record ExecutorConfiguration
{
    /// <summary>What holds without a file and without environment variables.</summary>
    public static ExecutorConfiguration Default { get; } = new();

    /// <summary>Named runner configurations, by runner and for each in the order of the file; names are unique.</summary>
    public IReadOnlyList<CodeExecutorOptions> CodeExecutors { get; init; } = [];

    /// <summary>Loggers; the first is <c>main</c>.</summary>
    public IReadOnlyList<LoggingOptions> Logging { get; init; } = [new LoggingOptions { Name = LoggingOptions.MainName }];

    /// <summary>Limits of tasks that bring none and whose code executor brings none; null: the built-in ones.</summary>
    public TaskLimits? Limits { get; init; }

    /// <summary>What no task may exceed; null: no ceiling.</summary>
    public TaskLimits? LimitsCeiling { get; init; }

    /// <summary>Changes and additions to the built-in runtimes, by runtime name.</summary>
    public IReadOnlyDictionary<string, RuntimeOverride> Runtimes { get; init; } = new Dictionary<string, RuntimeOverride>();

    /// <summary>The local sandbox.</summary>
    public SandboxOptions Sandbox { get; init; } = new();

    /// <summary>The HTTP server.</summary>
    public ServerOptions Server { get; init; } = new();

    /// <summary>Where tasks and results are kept.</summary>
    public StorageOptions Storage { get; init; } = new();

    /// <summary>Stateful interpreters.</summary>
    public SessionOptions Sessions { get; init; } = new();

    /// <summary>This process as a node of a cluster.</summary>
    public ClusterNodeOptions Cluster { get; init; } = new();

    /// <summary>Local worker processes to start; names are unique.</summary>
    public IReadOnlyList<WorkerOptions> Executors { get; init; } = [];
}
