using Executor.Hosting;

namespace Executor.Cli.Running;

/// <summary>Chooses what the program reads as its standard input.</summary>
internal static class ProgramInput
{
    /// <summary>The file asked for, else our own standard input; null for none.</summary>
    /// <exception cref="UsageException">The file can't be read.</exception>
    public static Stream? Open(RunRequest request)
    {
        if (request.StdinFile is string path)
        {
            return OpenFile(path);
        }

        return request.ReadsSourceFromInput || StandardInput.IsOthers ? null : StandardInput.Open();
    }

    private static FileStream OpenFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"--stdin {path}: {(File.Exists(path) ? "can't be read" : "no such file")}");
        }
    }
}
