namespace Executor.Testing;

/// <summary>The programs that tests start as users do.</summary>
public static class StartedProgram
{
    private static readonly string? Native = Environment.GetEnvironmentVariable("EXECUTOR_TEST_PROGRAMS");

    /// <summary>Where a program is: below the folder that <c>EXECUTOR_TEST_PROGRAMS</c> names, where the launcher has it compiled to native code, else beside the tests.</summary>
    /// <param name="name">Its name, as in <c>executor.dll</c> without the ending.</param>
    public static string PathOf(string name) => Path.Combine(Native is null ? AppContext.BaseDirectory : Path.Combine(Native, name), name + ".dll");
}
