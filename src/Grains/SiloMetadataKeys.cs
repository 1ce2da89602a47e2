namespace Executor.Grains;

/// <summary>What silos tell each other of themselves. Lists have commas.</summary>
public static class SiloMetadataKeys
{
    /// <summary>The queue that the silo is for.</summary>
    public const string Queue = "executor.queue";

    /// <summary>The kinds of runner that have a code executor there.</summary>
    public const string Runners = "executor.runners";

    /// <summary>The names of the code executors.</summary>
    public const string CodeExecutors = "executor.code_executors";

    /// <summary>The names of the runtimes that are not turned off; whether a toolchain is there shows when it is asked for.</summary>
    public const string Runtimes = "executor.runtimes";

    /// <summary>What tasks may ask for by name.</summary>
    public const string Capabilities = "executor.capabilities";

    /// <summary>How many cores the machine has.</summary>
    public const string Cores = "executor.cores";

    /// <summary>Tasks at once.</summary>
    public const string MaxTasks = "executor.max_tasks";

    /// <summary>The program's version.</summary>
    public const string Version = "executor.version";
}
