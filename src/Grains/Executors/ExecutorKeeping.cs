namespace Executor.Grains.Executors;

/// <summary>How executors are kept in grain storage.</summary>
public static class ExecutorKeeping
{
    /// <summary>The name of their state. Storage knows a state by this and the grain's key, not by the grain's class: each class has another.</summary>
    public const string StateName = "executor";

    /// <summary>How long an executor is known that did not leave and is not heard of.</summary>
    public static readonly TimeSpan ForgetAfter = TimeSpan.FromDays(1);

    /// <summary>How often it is stored when an executor was last heard of.</summary>
    public static readonly TimeSpan SavePeriod = TimeSpan.FromHours(1);
}
