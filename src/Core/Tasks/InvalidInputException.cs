namespace Executor.Tasks;

/// <summary>Something that was asked for can't be accepted. Carries every fault, not only the first.</summary>
/// <param name="faults">What is wrong, by field.</param>
public class InvalidInputException(IReadOnlyList<ValidationFault> faults) : Exception(string.Join("; ", faults))
{
    /// <summary>What is wrong, by field.</summary>
    public IReadOnlyList<ValidationFault> Faults { get; } = faults;
}
