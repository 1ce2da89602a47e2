using System.ComponentModel;
using System.Diagnostics;

namespace Executor.Runners.Probing;

/// <summary>What a toolchain said when asked about itself.</summary>
internal sealed record ProbeCommand(int? ExitCode, string Output, string Error)
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);

    /// <summary>Runs a toolchain's own command: trusted, small output, no input. A null exit code: it couldn't be started or didn't end in time.</summary>
    public static async Task<ProbeCommand> RunAsync(string program, IReadOnlyList<string> args, ProbeContext context)
    {
        var start = new ProcessStartInfo(program, args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = context.Folder,
        };
        start.Environment.Clear();
        foreach ((string name, string value) in context.Environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            using Process process = Process.Start(start)!;
            using var timeLimit = new CancellationTokenSource(TimeLimit);
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync(timeLimit.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(timeLimit.Token);
            try
            {
                await process.WaitForExitAsync(timeLimit.Token);
                return new ProbeCommand(process.ExitCode, await output, await error);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                return new ProbeCommand(null, "", $"it did not answer within {TimeLimit.TotalSeconds:0} s");
            }
        }
        catch (Win32Exception e)
        {
            return new ProbeCommand(null, "", e.Message);
        }
    }

    /// <summary>Why the answer is of no use, in a few words.</summary>
    public string Describe()
    {
        string words = Error.Trim();
        return words.Length > 0 ? words.Split('\n')[0].Trim()
            : ExitCode is int code and not 0 ? $"it ended with exit code {code}"
            : "it said nothing that could be understood";
    }
}
