using System.ComponentModel;
using System.Diagnostics;
using Executor.Tasks;

namespace Executor.Runners.Environments;

/// <summary>Runs a program of the installation and takes its output by lines.</summary>
internal static class InstallCommand
{
    /// <returns>Its exit code.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled; the whole tree is dead.</exception>
    public static async Task<int> RunAsync(
        string program, IReadOnlyList<string> args, IReadOnlyDictionary<string, string> variables, string folder, Action<string> line, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment.Clear();
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        using Process process = Start(start);
        process.StandardInput.Close();
        Lock turn = new();
        Task reading = Task.WhenAll(ReadAsync(process.StandardOutput, line, turn), ReadAsync(process.StandardError, line, turn));
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }

        await reading;
        return process.ExitCode;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception failed)
        {
            throw new RuntimeEnvironmentException(TaskErrorTypes.RuntimeUnavailable, $"{start.FileName} can't be started: {failed.Message}", failed);
        }
    }

    private static async Task ReadAsync(StreamReader reader, Action<string> line, Lock turn)
    {
        while (await reader.ReadLineAsync(CancellationToken.None) is string text)
        {
            lock (turn)
            {
                line(text);
            }
        }
    }
}
