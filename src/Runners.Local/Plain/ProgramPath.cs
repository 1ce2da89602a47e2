namespace Executor.Runners.Local.Plain;

/// <summary>Finds a program as a shell would, in the task's environment instead of ours.</summary>
internal static class ProgramPath
{
    /// <param name="program">A path or a name.</param>
    /// <param name="env">Whose PATH a name is looked for on.</param>
    /// <param name="directory">What a relative path is relative to.</param>
    /// <returns>What to start; null when it is not there.</returns>
    public static string? Find(string program, IReadOnlyDictionary<string, string> env, string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return program; // the system's own search knows extensions and registered paths
        }

        if (program.Contains('/', StringComparison.Ordinal))
        {
            string path = Path.Combine(directory, program);
            return File.Exists(path) ? path : null;
        }

        return env.GetValueOrDefault("PATH", "/usr/bin:/bin").Split(':')
            .Select(folder => Path.Combine(directory, folder, program))
            .FirstOrDefault(File.Exists);
    }
}
