using Executor.Executors;
using Executor.Tasks;

namespace Executor.Storage.Sql.Rows;

/// <summary>A result to keep, made ready by its caller so that the writer has nothing to do but write.</summary>
internal sealed class EndedTask(TaskCompletion completion, OutputLimit limit)
{
    public TaskResult Result { get; } = limit.Apply(completion.Result.ThrowIfNotFinal());

    public CodeExecutorOptions? CodeExecutor => completion.CodeExecutor;

    /// <summary>Where the result is to be posted; null: nowhere.</summary>
    public string? CallbackUrl => completion.CallbackUrl;

    /// <summary>What has no column of its own, as JSON.</summary>
    public string Outcome => field ??= OutcomeJson.Write(Result);

    public long Characters => Outcome.Length + Result.Stdout.Length + (long)Result.Stderr.Length;
}
