namespace Executor.Tasks;

/// <summary>A task that can't be accepted.</summary>
/// <param name="faults">What is wrong, by field.</param>
public sealed class InvalidTaskException(IReadOnlyList<ValidationFault> faults) : InvalidInputException(faults);
