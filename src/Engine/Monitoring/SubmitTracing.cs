using System.Diagnostics;

namespace Executor.Engine.Monitoring;

/// <summary>Keeps a submit in its trace where it arrives by another way than a call: in a batch with others', say.</summary>
public static class SubmitTracing
{
    private static readonly ActivitySource Source = new(AttemptTracing.SourceName, typeof(SubmitTracing).Assembly.GetName().Version?.ToString(3));

    /// <summary>Begins a span <c>submit</c> in which tasks are to be taken; what was current before is left out of it.</summary>
    /// <param name="traceParent">The W3C <c>traceparent</c> of the span in which they were submitted; null: there was none.</param>
    /// <returns>To be disposed of when they are taken.</returns>
    public static Activity? Begin(string? traceParent)
    {
        Activity.Current = null;
        if (traceParent is null)
        {
            return null;
        }

        // Where nobody listens the context goes on all the same: the attempt may be traced by another process.
        return Source.StartActivity("submit", ActivityKind.Consumer, traceParent) ?? new Activity("submit").SetParentId(traceParent).Start();
    }
}
