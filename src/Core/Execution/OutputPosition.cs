using System.Globalization;

namespace Executor.Execution;

/// <summary>
/// A place in a task's output: how much of each stream lies before it. The same whether the task runs or has ended, so a watch can be
/// resumed at any time. Written <c>attempt.stdout.stderr</c>.
/// </summary>
/// <param name="Attempt">The attempt, from 1; 0: the beginning, whatever the attempt.</param>
/// <param name="Stdout">Characters (UTF-16) of standard output before it.</param>
/// <param name="Stderr">Characters (UTF-16) of standard error before it.</param>
public readonly record struct OutputPosition(int Attempt, int Stdout, int Stderr)
{
    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string? text, out OutputPosition position)
    {
        position = default;
        string[] parts = text?.Split('.') ?? [];
        if (parts.Length != 3
            || !TryParse(parts[0], out int attempt)
            || !TryParse(parts[1], out int stdout)
            || !TryParse(parts[2], out int stderr))
        {
            return false;
        }

        position = new OutputPosition(attempt, stdout, stderr);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Attempt}.{Stdout}.{Stderr}");

    private static bool TryParse(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
