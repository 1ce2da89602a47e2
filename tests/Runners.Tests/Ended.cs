using System.Diagnostics;

namespace Executor.Runners;

/// <summary>How a process ended, and what it printed.</summary>
internal sealed record Ended(int ExitCode, string Stdout, string Stderr)
{
    /// <summary>Runs a program to its end; whatever it started is ended with it when that takes too long.</summary>
    /// <param name="start">The program, with all three streams redirected.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="limit">How long it may take.</param>
    public static async Task<Ended> OfAsync(ProcessStartInfo start, string input, TimeSpan limit)
    {
        using Process process = Process.Start(start)!;
        using var late = new CancellationTokenSource(limit);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(late.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(late.Token);
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(late.Token);
            return new Ended(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
