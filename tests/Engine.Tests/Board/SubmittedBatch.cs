using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine.Board;

/// <summary>A batch on its way into the store.</summary>
/// <param name="submission">What the board has of it.</param>
/// <param name="specs">The tasks.</param>
/// <param name="isWorkflow">Whether any has parents.</param>
internal sealed class SubmittedBatch(Submission submission, IReadOnlyList<TaskSpec> specs, bool isWorkflow)
{
    private IReadOnlyList<SubmitOutcome>? _outcomes;

    public Submission Submission { get; } = submission;

    public IReadOnlyList<TaskSpec> Specs { get; } = specs;

    public bool IsWorkflow { get; } = isWorkflow;

    /// <summary>Stores it, once. The answer may reach the board much later.</summary>
    public IReadOnlyList<SubmitOutcome> Store(SimulatedStore store) => _outcomes ??= [.. Submission.Tasks.Select(store.Submit)];
}
