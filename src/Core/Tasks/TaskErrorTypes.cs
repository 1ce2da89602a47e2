namespace Executor.Tasks;

/// <summary>The values of <see cref="TaskError.Type"/> that are ours, not the user's exception types.</summary>
public static class TaskErrorTypes
{
    /// <summary>The program ended with an exit code other than 0 and named no exception.</summary>
    public const string ExitCode = "exit_code";

    /// <summary>The program was ended by a signal.</summary>
    public const string Signal = "signal";

    /// <summary>The program is not there or can't be executed.</summary>
    public const string StartFailed = "start_failed";

    /// <summary>The wall-clock timeout was reached.</summary>
    public const string Timeout = "timeout";

    /// <summary>It did not start within its <c>queue_timeout</c>.</summary>
    public const string QueueTimeout = "queue_timeout";

    /// <summary>The process tree used more CPU time than its limit.</summary>
    public const string CpuTimeLimit = "cpu_time_limit";

    /// <summary>The process tree used more memory than its limit.</summary>
    public const string OutOfMemory = "out_of_memory";

    /// <summary>The compile stage failed; the message and stderr are the compiler's.</summary>
    public const string CompileError = "compile_error";

    /// <summary>The callable's value could not be read: not JSON, too large, or not written.</summary>
    public const string ResultError = "result_error";

    /// <summary>Somebody cancelled the task.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>A task it depends on did not complete.</summary>
    public const string Dependency = "dependency";

    /// <summary>The task itself is not valid; the message names every bad field.</summary>
    public const string InvalidTask = "invalid_task";

    /// <summary>
    /// The packages of its <c>runtime_env</c> could not be installed: no such package or version, or an index that can't be reached.
    /// Not retried without being asked: the installer has tried already, and a wrong name stays wrong.
    /// </summary>
    public const string RuntimeEnv = "runtime_env";

    /// <summary>Prefix of every failure of our own machinery. Only these are retried without being asked.</summary>
    public const string InfrastructurePrefix = "infrastructure.";

    /// <summary>The runner failed in a way not named below.</summary>
    public const string RunnerFailed = InfrastructurePrefix + "runner";

    /// <summary>The machine that was to run it had no more processes, memory or open files. No fault of the task's.</summary>
    public const string HostExhausted = InfrastructurePrefix + "host";

    /// <summary>The sandbox could not be built.</summary>
    public const string SandboxUnavailable = InfrastructurePrefix + "sandbox";

    /// <summary>The agent that ran the task died.</summary>
    public const string AgentLost = InfrastructurePrefix + "agent";

    /// <summary>The SSH host can't be reached, or it or we refuse to connect.</summary>
    public const string SshUnavailable = InfrastructurePrefix + "ssh";

    /// <summary>Its executor went away, and so did those it was given to instead.</summary>
    public const string ExecutorLost = InfrastructurePrefix + "executor";

    /// <summary>The runtime's toolchain is not there.</summary>
    public const string RuntimeUnavailable = InfrastructurePrefix + "runtime";

    /// <summary>The container engine can't be reached or used.</summary>
    public const string EngineUnavailable = InfrastructurePrefix + "engine";

    /// <summary>The container image is not there and can't be had, or lacks what the task needs.</summary>
    public const string ImageUnavailable = InfrastructurePrefix + "image";
}
