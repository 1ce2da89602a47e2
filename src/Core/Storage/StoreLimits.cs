using System.Runtime.CompilerServices;
using Executor.Tasks;

namespace Executor.Storage;

/// <summary>What every store asks of its callers.</summary>
public static class StoreLimits
{
    /// <summary>The largest page.</summary>
    public const int MaxPage = 10_000;

    /// <summary>Refuses a page size that is not from 1 to <see cref="MaxPage"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static void CheckPage(int limit, [CallerArgumentExpression(nameof(limit))] string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxPage, name);
    }

    /// <summary>The result, if it can end a task.</summary>
    /// <exception cref="ArgumentException">It is PENDING or RUNNING.</exception>
    public static TaskResult ThrowIfNotFinal(this TaskResult result) => result.Completed
        ? result
        : throw new ArgumentException($"A result that ends a task must be COMPLETED, FAILED or CANCELLED; this one is {result.Status}.", nameof(result));
}
