namespace Executor.Engine.Callbacks;

/// <summary>What came of a post.</summary>
/// <param name="Problem">Why it failed; null: the result was delivered.</param>
/// <param name="IsHostDown">Whether others to the same host would fail, too, at the moment.</param>
internal readonly record struct CallbackAnswer(string? Problem, bool IsHostDown)
{
    public static CallbackAnswer Delivered => default;
}
