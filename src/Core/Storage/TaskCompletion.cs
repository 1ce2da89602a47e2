using Executor.Executors;
using Executor.Tasks;

namespace Executor.Storage;

/// <summary>The end of a task: compared with the stored one by <see cref="TaskResult.TaskId"/> and <see cref="TaskResult.Attempt"/>.</summary>
/// <param name="Result">The result, which is final.</param>
public sealed record TaskCompletion(TaskResult Result)
{
    /// <summary>The code executor that ran it, kept in the table of its kind; null: that is not kept.</summary>
    public CodeExecutorOptions? CodeExecutor { get; init; }

    /// <summary>Where the result is to be posted, an absolute address: a <see cref="CallbackRecord"/> is kept with it. Null: nowhere.</summary>
    public string? CallbackUrl { get; init; }
}
