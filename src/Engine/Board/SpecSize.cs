using Executor.Tasks;

namespace Executor.Engine.Board;

/// <summary>About how much memory a task's spec takes.</summary>
internal static class SpecSize
{
    private const int Fixed = 600;

    /// <summary>In bytes; the large parts are counted, the rest is taken as a constant.</summary>
    public static int Of(TaskSpec spec)
    {
        long characters = (spec.Code?.Length ?? 0L) + (spec.Stdin?.Length ?? 0L) + (spec.Files?.Values.Sum(file => (long)file.Content.Length) ?? 0L)
            + (spec.Params is null ? 0 : spec.Params.Value.GetRawText().Length) + (spec.Details is null ? 0 : spec.Details.Value.GetRawText().Length);
        return (int)long.Min(int.MaxValue, Fixed + (2 * characters));
    }
}
