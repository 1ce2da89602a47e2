namespace Executor.Testing;

/// <summary>The source tree that the tests were built from.</summary>
public static class Repository
{
    /// <summary>Its root.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        string? folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder!, "Executor.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder!;
    }
}
