using System.Diagnostics;
using System.Text;

namespace Executor.Hosting.Working;

/// <summary><c>executor worker</c> as a process of its own.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly Task _reading;

    private WorkerProcess(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _reading = ReadAsync();
    }

    /// <summary>The program's assembly.</summary>
    public static string Assembly { get; } = StartedProgram.PathOf("executor");

    public static WorkerProcess Start(string address, params string[] args) => Start(address, apiKey: "", args);

    public static WorkerProcess Start(string address, string apiKey, string[] args) => new(
        new ProcessStartInfo("dotnet", [Assembly, "worker", "--connect", address, .. args])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            Environment = { ["EXECUTOR_CONFIG"] = "", ["EXECUTOR_API_KEY"] = apiKey },
        });

    /// <summary>Waits until it has said something.</summary>
    public async Task SeeAsync(string text)
    {
        while (!Said().Contains(text, StringComparison.Ordinal))
        {
            if (_reading.IsCompleted || !await _arrived.WaitAsync(TimeLimit))
            {
                Assert.Contains(text, Said(), StringComparison.Ordinal);
            }
        }
    }

    /// <summary>Asks it to end (<c>TERM</c>, <c>INT</c>).</summary>
    public void Ask(string signal) => Signals.Ask(_process.Id, signal);

    /// <summary>Ends it as a crash does.</summary>
    public Task KillAsync() => Signals.KillAsync(_process);

    public void CloseInput() => _process.StandardInput.Close();

    public Task TellAsync(string line) => _process.StandardInput.WriteLineAsync(line).ContinueWith(_ => _process.StandardInput.Flush(), TaskScheduler.Default);

    /// <summary>How it ended and what it said.</summary>
    public async Task<(int ExitCode, string Said)> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(TimeLimit);
        await _reading.WaitAsync(TimeLimit);
        return (_process.ExitCode, Said());
    }

    public async ValueTask DisposeAsync()
    {
        await Signals.EndAsync(_process);
        await _reading;
        _process.Dispose();
        _arrived.Dispose();
    }

    private string Said()
    {
        lock (_said)
        {
            return _said.ToString();
        }
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is string line)
        {
            lock (_said)
            {
                _said.Append(line).Append('\n');
            }

            _arrived.Release();
        }
    }
}
