using System.Runtime.CompilerServices;
using Executor.Configuration.Batches;
using Executor.Tasks;

namespace Executor.Cli.Batch;

/// <summary>What the command line of <c>batch</c> asks for.</summary>
internal sealed record BatchRequest
{
    /// <summary>The file of tasks; <c>-</c> is standard input.</summary>
    public required string File { get; init; }

    /// <summary>Tasks at once.</summary>
    public required int Parallel { get; init; }

    /// <summary>Where the results go; null: standard output.</summary>
    public string? Out { get; init; }

    /// <summary>Whether tasks whose result is in <see cref="Out"/> already are left out.</summary>
    public bool Resume { get; init; }

    /// <summary>The code executor of tasks that name neither one nor a runner.</summary>
    public string? Executor { get; init; }

    /// <summary>The runner of tasks that name neither one nor a code executor.</summary>
    public RunnerKind? Runner { get; init; }

    /// <summary>The timeout of tasks that bring none.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether every task runs without isolation.</summary>
    public bool NoSandbox { get; init; }

    /// <summary>Whether the summary is printed as JSON, and no progress.</summary>
    public bool Json { get; init; }

    public bool ReadsInput => File == "-";

    /// <summary>The folder that <c>script</c> and <c>working_dir</c> of the tasks are relative to.</summary>
    public string Folder => ReadsInput ? "." : Path.GetDirectoryName(Path.GetFullPath(File)) ?? ".";

    /// <summary>The entries of the file, in its order.</summary>
    /// <exception cref="TaskBatchException">It can't be read.</exception>
    public async IAsyncEnumerable<TaskBatchEntry> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using Stream? input = ReadsInput ? StandardInput.Open() : null;
        IAsyncEnumerable<TaskBatchEntry> entries = input is null
            ? TaskBatchReader.ReadFileAsync(File, cancellationToken)
            : TaskBatchReader.ReadAsync(input, "standard input", cancellationToken);
        await foreach (TaskBatchEntry entry in entries)
        {
            yield return entry;
        }
    }
}
