using Executor.Executors;
using Executor.Tasks;

namespace Executor.Runners;

/// <summary>How one run of a task goes, beyond what the task says.</summary>
public sealed record TaskRunOptions
{
    /// <summary>The code executor to run it with.</summary>
    public required CodeExecutorOptions CodeExecutor { get; init; }

    /// <summary>Receives the run stage's output as it comes, up to <c>output_kb</c> of each stream; null: nobody watches.</summary>
    public OutputReceiver? Live { get; init; }

    /// <summary>
    /// Kept of each stream for the result, in KiB, where that is less than <c>output_kb</c>: a watcher of <see cref="Live"/> needs no second
    /// copy in memory. Null: all of it.
    /// </summary>
    public int? KeptOutputKb { get; init; }

    /// <summary>Fed to the program's standard input as it can be read; used when the task brings no <c>stdin</c>. Not closed.</summary>
    public Stream? Input { get; init; }

    /// <summary>The registered executor's id, for the result.</summary>
    public string? ExecutorId { get; init; }

    /// <summary>Which attempt this is, from 1.</summary>
    public int Attempt { get; init; } = 1;
}
