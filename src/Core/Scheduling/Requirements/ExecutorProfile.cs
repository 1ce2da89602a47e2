using Executor.Tasks;

namespace Executor.Scheduling;

/// <summary>What an executor has apart from amounts. Executors with equal profiles may be given the same tasks.</summary>
internal sealed record ExecutorProfile(int Runners, NameSet CodeExecutors, NameSet Capabilities)
{
    public ExecutorProfile(ExecutorOffer offer)
        : this(Bits(offer.Runners), offer.CodeExecutors, offer.Capabilities)
    {
    }

    /// <summary>Whether it has what the task needs, amounts apart.</summary>
    public bool Offers(RequirementGroup.Eligibility needed) =>
        (needed.Runner is not RunnerKind runner || (Runners & Bit(runner)) != 0)
        && (needed.CodeExecutor is null || CodeExecutors.Contains(needed.CodeExecutor))
        && needed.Capabilities.IsSubsetOf(Capabilities);

    private static int Bits(IReadOnlyList<RunnerKind> runners)
    {
        int bits = 0;
        foreach (RunnerKind runner in runners)
        {
            bits |= Bit(runner);
        }

        return bits;
    }

    private static int Bit(RunnerKind runner) => 1 << (int)runner;
}
