namespace Executor.Workflows;

/// <summary>What came of submitting tasks to a <see cref="DependencyGraph"/>. Closed: the cases below are all there are.</summary>
public abstract record DependencySubmission
{
    private protected DependencySubmission()
    {
    }
}

/// <summary>All tasks of the batch are taken; each is in exactly one of the lists.</summary>
/// <param name="Ready">Tasks that wait for nobody, in the order of the batch: they may be enqueued.</param>
/// <param name="Held">Tasks that wait for a parent, in the order of the batch.</param>
/// <param name="Failed">
/// Tasks that can't run since a parent has ended without success, and their descendants, nearer ones first. Tasks taken earlier
/// that waited for one of the batch may be among them.
/// </param>
public sealed record DependenciesAccepted(
    IReadOnlyList<string> Ready, IReadOnlyList<string> Held, IReadOnlyList<DependencyFailure> Failed) : DependencySubmission;

/// <summary>No task of the batch is taken.</summary>
/// <param name="Faults">What is wrong: every unknown parent and repeated id, else the first cycle found.</param>
public sealed record DependenciesRefused(IReadOnlyList<DependencyFault> Faults) : DependencySubmission;
