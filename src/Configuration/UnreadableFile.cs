namespace Executor.Configuration;

/// <summary>Says in plain words why a file can't be read or written.</summary>
internal static class UnreadableFile
{
    /// <summary>Whether the exception is one that opening, reading or writing a file throws for a reason outside the program.</summary>
    public static bool IsCause(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    public static string Explain(string path, Exception exception) => exception switch
    {
        _ when Directory.Exists(path) => "is a folder, not a file",
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        UnauthorizedAccessException => "permission denied",
        ArgumentException => "is not a valid path",
        _ => exception.Message,
    };
}
