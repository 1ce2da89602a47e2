using System.Diagnostics;

namespace Executor.Storage.Sql.Tests;

/// <summary>A process that writes tasks and prints what was acknowledged, until it is killed.</summary>
internal static class CrashWriterProcess
{
    /// <summary>Runs it until it has printed so many lines.</summary>
    /// <returns>The whole lines it printed.</returns>
    public static Task<List<string>> RunUntilKilledAsync(string kind, string target, string prefix, int lines) =>
        RunUntilKilledAsync([kind, target, prefix], lines, TimeSpan.Zero);

    /// <summary>The same with other arguments, and killed a while after the last of the lines.</summary>
    public static async Task<List<string>> RunUntilKilledAsync(string[] arguments, int lines, TimeSpan later)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Executor.Storage.Sql.CrashWriter.dll");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", ["exec", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        List<string> printed = [];
        while (printed.Count < lines)
        {
            printed.Add(await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"It ended by itself: {await errors}"));
        }

        // By the clock: the moment of the kill within a batch is what differs, and nothing tells it from outside.
        await Task.Delay(later);
        Task<string> rest = process.StandardOutput.ReadToEndAsync();
        await Signals.KillAsync(process);
        // What comes after the last newline was cut short.
        printed.AddRange((await rest).Split('\n')[..^1]);
        return printed;
    }
}
