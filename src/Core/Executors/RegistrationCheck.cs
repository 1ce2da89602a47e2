using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Executors;

/// <summary>Says everything that is wrong with an executor's registration.</summary>
public static class RegistrationCheck
{
    private const int MaxNameLength = 128;

    /// <summary>What the scheduler needs of it.</summary>
    /// <param name="registration">What the executor says of itself.</param>
    /// <param name="lease">How long it may be silent; null: for ever.</param>
    /// <exception cref="InvalidInputException">The registration is not valid.</exception>
    public static ExecutorOffer Accept(ExecutorRegistration registration, TimeSpan? lease)
    {
        List<ValidationFault> faults = [];
        CheckName(registration.ExecutorId, "executor_id", faults);
        CheckName(registration.Host, "host", faults);
        if (registration.Port is < 0 or > 65_535)
        {
            faults.Add(new ValidationFault("port", $"is {registration.Port}; it must be from 0 (none) to 65,535"));
        }

        foreach (string name in registration.Capabilities ?? [])
        {
            CheckName(name, "capabilities", faults);
        }

        ExecutorOffer offer = registration.ToOffer(lease);
        faults.AddRange(offer.Faults());
        return faults.Count == 0 ? offer : throw new InvalidInputException(faults);
    }

    private static void CheckName(string? name, string field, List<ValidationFault> faults)
    {
        if (string.IsNullOrEmpty(name) || name.Length > MaxNameLength || name.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
        {
            faults.Add(new ValidationFault(field, $"must have 1 to {MaxNameLength} characters and no blanks"));
        }
    }
}
