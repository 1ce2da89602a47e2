using Executor.Tasks;

namespace Executor.Executors.Protocol;

/// <summary>A frame that can't be understood.</summary>
/// <param name="faults">What is wrong with it, by field.</param>
public sealed class InvalidFrameException(IReadOnlyList<ValidationFault> faults) : InvalidInputException(faults)
{
    /// <summary>One fault, of the frame as a whole.</summary>
    public InvalidFrameException(string message)
        : this([new ValidationFault("", message)])
    {
    }
}
