namespace Executor.Tasks;

/// <summary>A task that can't be accepted. Carries every fault, not only the first.</summary>
public sealed class InvalidTaskException(IReadOnlyList<ValidationFault> faults)
    : Exception(string.Join("; ", faults))
{
    /// <summary>What is wrong, by field.</summary>
    public IReadOnlyList<ValidationFault> Faults { get; } = faults;
}
