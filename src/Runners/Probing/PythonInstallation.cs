namespace Executor.Runners.Probing;

/// <summary>Recognises a Python 3 by its files, the way Python itself finds its prefix.</summary>
internal static class PythonInstallation
{
    /// <summary>The installation that a path plainly is; null when only Python itself can tell.</summary>
    public static Installation? Look(string path)
    {
        LinkTrail trail = LinkTrail.Follow(path);
        if (!BinaryFile.IsMachineCode(trail.Real) || Prefix(trail.Real) is not string prefix)
        {
            return null;
        }

        if (Environment(path) is not string environment)
        {
            return new Installation(trail.StaysInSystem ? path : trail.Real, [.. SystemFolders.ForPrefix(prefix)]);
        }

        // The environment's own link must be started: that is how Python knows that it is in one.
        string? home = Home(Path.Join(environment, "pyvenv.cfg"));
        return home is null
            ? null
            : new Installation(path, [environment, .. SystemFolders.ForPrefix(prefix), .. SystemFolders.ForBinary(Path.Join(home, "python"))]);
    }

    /// <summary>The folder whose <c>lib/python3.X</c> is this binary's standard library.</summary>
    private static string? Prefix(string real)
    {
        string name = Path.GetFileName(real);
        string? prefix = Path.GetDirectoryName(Path.GetDirectoryName(real));
        return name.StartsWith("python3.", StringComparison.Ordinal) && prefix is not null && File.Exists(Path.Join(prefix, "lib", name, "os.py"))
            ? prefix
            : null;
    }

    /// <summary>The virtual environment that a path belongs to.</summary>
    private static string? Environment(string path)
    {
        string? folder = Path.GetDirectoryName(Path.GetDirectoryName(path));
        return folder is not null && File.Exists(Path.Join(folder, "pyvenv.cfg")) ? folder : null;
    }

    private static string? Home(string configuration)
    {
        foreach (string line in File.ReadLines(configuration))
        {
            if (line.Split('=', 2, StringSplitOptions.TrimEntries) is ["home", string home] && Path.IsPathRooted(home))
            {
                return home;
            }
        }

        return null;
    }
}
