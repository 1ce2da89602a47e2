namespace Executor.Api.Requests;

/// <summary>How long a request may be held open for something to end.</summary>
internal static class WaitLimit
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(300);
}
