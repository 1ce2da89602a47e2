namespace Executor.Testing;

/// <summary>Who may read and write a file. A test that asks is skipped where the system has no modes.</summary>
public static class Modes
{
    public static UnixFileMode Of(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Requirement.Check("there are no modes");
            return default;
        }

        return File.GetUnixFileMode(path);
    }

    public static void Set(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            Requirement.Check("there are no modes");
            return;
        }

        File.SetUnixFileMode(path, mode);
    }
}
