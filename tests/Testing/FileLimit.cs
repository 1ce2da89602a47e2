using System.Diagnostics;
using System.Globalization;

namespace Executor.Testing;

/// <summary>A process that can open no further file for a while, as on a machine that has run out of them.</summary>
public sealed class FileLimit : IDisposable
{
    // Every process holds more, so that whatever it opens next is one too many.
    private const int None = 3;

    private readonly int[] _processes;
    private readonly string _before;

    private FileLimit(int[] processes, string before) => (_processes, _before) = (processes, before);

    /// <summary>Lowers the limit of processes of ours; disposing of it puts it back.</summary>
    public static FileLimit Lower(params int[] processes)
    {
        Assert.NotEmpty(processes);
        string before = Run("--pid", Text(processes[0]), "--nofile", "--output", "SOFT", "--noheadings").Trim();
        Set(processes, Text(None));
        return new FileLimit(processes, before);
    }

    public void Dispose() => Set(_processes, _before);

    private static void Set(int[] processes, string soft)
    {
        foreach (int process in processes)
        {
            Run("--pid", Text(process), $"--nofile={soft}:");
        }
    }

    private static string Run(params string[] args)
    {
        using Process prlimit = Process.Start(new ProcessStartInfo("prlimit", args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string answer = prlimit.StandardOutput.ReadToEnd();
        prlimit.WaitForExit();
        Assert.True(prlimit.ExitCode == 0, prlimit.StandardError.ReadToEnd());
        return answer;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
