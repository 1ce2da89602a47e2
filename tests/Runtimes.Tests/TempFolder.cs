namespace Executor;

/// <summary>A folder that goes when the test goes.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("executor-test-").FullName;

    public string Put(string path, string content = "", bool executable = false)
    {
        string full = System.IO.Path.Join(Path, path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
        if (executable && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(full, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return full;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
