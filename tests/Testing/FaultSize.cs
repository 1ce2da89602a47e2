using System.Globalization;

namespace Executor.Testing;

/// <summary>How large the tests of faults are: small, unless <c>EXECUTOR_FAULT_TASKS</c> says how many tasks each has.</summary>
public static class FaultSize
{
    private static readonly int? Asked = Environment.GetEnvironmentVariable("EXECUTOR_FAULT_TASKS") is { Length: > 0 } text
        ? int.Parse(text, CultureInfo.InvariantCulture)
        : null;

    /// <summary>How many tasks a test has.</summary>
    /// <param name="usual">How many where nothing else is asked for.</param>
    public static int Tasks(int usual) => Asked ?? usual;
}
