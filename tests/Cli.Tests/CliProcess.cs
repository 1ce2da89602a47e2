using System.Diagnostics;
using System.Text;

namespace Executor.Cli;

/// <summary>The built command line as a process of its own, as users start it.</summary>
internal sealed class CliProcess : IDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly MemoryStream _stdout = new();
    private readonly MemoryStream _stderr = new();
    private readonly Task _reading;
    private readonly SemaphoreSlim _arrived = new(0);

    private CliProcess(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _reading = Task.WhenAll(
            ReadAsync(_process.StandardOutput.BaseStream, _stdout),
            ReadAsync(_process.StandardError.BaseStream, _stderr));
    }

    public int Id => _process.Id;

    /// <summary>The program's assembly.</summary>
    public static string Assembly { get; } = StartedProgram.PathOf("executor");

    public Stream StandardInput => _process.StandardInput.BaseStream;

    /// <summary>Starts it in a folder with an empty configuration variable, so that nothing of this machine shows.</summary>
    public static CliProcess Start(string folder, string[] args, IReadOnlyDictionary<string, string>? environment = null) =>
        StartProgram("dotnet", [Assembly, .. args], folder, new Dictionary<string, string>(environment ?? new Dictionary<string, string>())
        {
            ["EXECUTOR_CONFIG"] = environment?.GetValueOrDefault("EXECUTOR_CONFIG") ?? "",
        });

    /// <summary>Starts any program.</summary>
    public static CliProcess StartProgram(string program, IEnumerable<string> args, string folder, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new(program, args)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new CliProcess(start);
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<CliOutput> RunAsync(string folder, string[] args, byte[]? input = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        using CliProcess process = Start(folder, args, environment);
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
        }

        process.StandardInput.Close();
        return await process.WaitAsync();
    }

    /// <summary>Runs any program to its end, without input.</summary>
    public static async Task<CliOutput> RunProgramAsync(string program, IEnumerable<string> args, string folder, IReadOnlyDictionary<string, string>? environment = null)
    {
        using CliProcess process = StartProgram(program, args, folder, environment);
        process.StandardInput.Close();
        return await process.WaitAsync();
    }

    /// <summary>Waits until standard output has the text.</summary>
    public Task SeeAsync(string text) => SeeAsync(_stdout, text);

    /// <summary>Waits until standard error has the text, and gives all that it has by then.</summary>
    public async Task<string> SeeErrorAsync(string text)
    {
        await SeeAsync(_stderr, text);
        return Text(_stderr);
    }

    /// <summary>Asks it to end (<c>TERM</c>, <c>INT</c>).</summary>
    public void Ask(string signal) => Signals.Ask(Id, signal);

    /// <summary>Ends it as a crash does.</summary>
    public Task KillAsync() => Signals.KillAsync(_process);

    public async Task<CliOutput> WaitAsync()
    {
        using CancellationTokenSource timeLimit = new(TimeLimit);
        try
        {
            await _process.WaitForExitAsync(timeLimit.Token);
            await _reading.WaitAsync(timeLimit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"It did not end. stdout: {Text(_stdout)} stderr: {Text(_stderr)}");
        }

        return new CliOutput(_process.ExitCode, _stdout.ToArray(), Text(_stderr));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        _arrived.Dispose();
    }

    private static string Text(MemoryStream stream)
    {
        lock (stream)
        {
            return Encoding.UTF8.GetString(stream.ToArray());
        }
    }

    private async Task SeeAsync(MemoryStream stream, string text)
    {
        while (!Text(stream).Contains(text, StringComparison.Ordinal))
        {
            if (_reading.IsCompleted || !await _arrived.WaitAsync(TimeLimit))
            {
                Assert.Contains(text, Text(stream), StringComparison.Ordinal);
            }
        }
    }

    private async Task ReadAsync(Stream source, MemoryStream target)
    {
        byte[] buffer = new byte[1 << 16];
        for (int count; (count = await source.ReadAsync(buffer)) > 0;)
        {
            lock (target)
            {
                target.Write(buffer, 0, count);
            }

            _arrived.Release();
        }
    }
}

/// <summary>How a process ended and what it printed.</summary>
internal sealed record CliOutput(int ExitCode, byte[] StdoutBytes, string Stderr)
{
    public string Stdout => Encoding.UTF8.GetString(StdoutBytes);

    public string[] StdoutLines => Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
