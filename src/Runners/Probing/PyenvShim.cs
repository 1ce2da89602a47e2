namespace Executor.Runners.Probing;

/// <summary>Sees through a pyenv shim without starting it: the shim is a shell script that takes longer than the Python behind it.</summary>
internal static class PyenvShim
{
    private const int LargestShim = 4096;

    /// <summary>The Python that the shim would start; null when the file is no such shim, or its choice isn't a plain one.</summary>
    public static string? Resolve(string shim, ProbeContext context)
    {
        string folder = Path.GetDirectoryName(shim)!;
        if (Path.GetFileName(folder) != "shims" || new FileInfo(shim).Length > LargestShim || !File.ReadAllText(shim).Contains("pyenv", StringComparison.Ordinal))
        {
            return null;
        }

        string root = context.Environment.GetValueOrDefault("PYENV_ROOT") is { Length: > 0 } set ? set : Path.GetDirectoryName(folder)!;
        string[] versions = (Choice(root, context) ?? "").Split([':', '\n', '\r', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        foreach (string version in versions)
        {
            string home = Path.Join(root, "versions", version);
            if (version.Contains('/') || !Directory.Exists(home))
            {
                // "system", a prefix ("3.11") or a name not installed: pyenv knows what to make of it.
                return null;
            }

            string python = Path.Join(home, "bin", Path.GetFileName(shim));
            if (File.Exists(python))
            {
                return python;
            }
        }

        return null;
    }

    /// <summary>pyenv's order: the variable, the nearest file, the global file.</summary>
    private static string? Choice(string root, ProbeContext context)
    {
        if (context.Environment.GetValueOrDefault("PYENV_VERSION") is { Length: > 0 } version)
        {
            return version;
        }

        for (string? folder = context.Folder; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string file = Path.Join(folder, ".python-version");
            if (File.Exists(file))
            {
                return WithoutComments(file);
            }
        }

        string global = Path.Join(root, "version");
        return File.Exists(global) ? WithoutComments(global) : null;
    }

    private static string WithoutComments(string file) => string.Join('\n', File.ReadLines(file).Select(line => line.Split('#')[0]));
}
