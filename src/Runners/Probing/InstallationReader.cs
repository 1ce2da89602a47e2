namespace Executor.Runners.Probing;

/// <summary>Finds out what an executable file really is: by looking where that suffices, else by asking it.</summary>
internal static class InstallationReader
{
    public static async Task<(Installation? Installation, string? Problem)> ReadAsync(string candidate, string family, ProbeContext context)
    {
        if (OperatingSystem.IsWindows())
        {
            return (new Installation(candidate, []), null);
        }

        LinkTrail trail = LinkTrail.Follow(candidate);
        string path = trail.StaysInSystem ? candidate : trail.Real;
        if (family == "python")
        {
            string python = PyenvShim.Resolve(candidate, context) ?? candidate;
            if (PythonInstallation.Look(python) is Installation seen)
            {
                return (seen, null);
            }
        }
        else if (IsPlain(candidate, trail.Real))
        {
            return (new Installation(path, [.. SystemFolders.ForBinary(trail.Real), .. JavaHome.FoldersOf(family, trail.Real)]), null);
        }

        if (ToolchainQuestion.For(family) is not ToolchainQuestion question)
        {
            // A link to a program that goes by its name (busybox, ccache): it must keep the name.
            return (new Installation(candidate, [.. SystemFolders.ForBinary(candidate), .. SystemFolders.ForBinary(trail.Real)]), null);
        }

        ProbeCommand answer = await ProbeCommand.RunAsync(candidate, question.Args, context);
        return answer.ExitCode == 0 && question.Read(answer) is Installation installation && File.Exists(installation.Path)
            ? (installation, null)
            : (null, $"'{candidate}' can't be used: {answer.Describe()}");
    }

    /// <summary>A machine-code file that still bears the name it was found by, so no shim.</summary>
    private static bool IsPlain(string candidate, string real) =>
        Path.GetFileName(real).Contains(Path.GetFileName(candidate), StringComparison.Ordinal) && BinaryFile.IsMachineCode(real);
}
