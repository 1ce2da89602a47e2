using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Executor.Configuration;

namespace Executor.Hosting.Working;

/// <summary>One worker process that is kept alive.</summary>
/// <param name="worker">Which worker.</param>
/// <param name="launch">How it is started.</param>
/// <param name="say">Told what it prints and what becomes of it.</param>
/// <param name="time">The clock.</param>
internal sealed class SupervisedWorker(WorkerOptions worker, WorkerLaunch launch, Action<string> say, TimeProvider time) : IDisposable
{
    /// <summary>A process that lived so long was well: the next start doesn't wait for the earlier crashes.</summary>
    private static readonly TimeSpan WellAfter = TimeSpan.FromSeconds(30);

    /// <summary>How long what an ended process printed may take to arrive.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private Process? _process;
    private Task _life = Task.CompletedTask;

    /// <summary>Its process; null: none runs at the moment.</summary>
    public int? ProcessId => Volatile.Read(ref _process)?.Id;

    public void Start() => _life = LiveAsync();

    /// <summary>Ends it: finishes what runs within the grace, else gives it back.</summary>
    public async Task StopAsync(TimeSpan grace, TimeSpan killAfter)
    {
        await _stopping.CancelAsync();
        Process? process = Volatile.Read(ref _process);
        if (process is not null)
        {
            if (grace > TimeSpan.Zero)
            {
                Tell(process, SupervisorInput.Drain);
                await Task.WhenAny(_life, Task.Delay(grace, time));
            }

            Tell(process, null);
            if (await Task.WhenAny(_life, Task.Delay(killAfter, time)) != _life)
            {
                Kill(process);
            }
        }

        await _life;
    }

    public void Dispose() => _stopping.Dispose();

    private async Task LiveAsync()
    {
        ReconnectDelay delay = new(Random.Shared);
        while (!_stopping.IsCancellationRequested)
        {
            long started = time.GetTimestamp();
            string? end = await RunOnceAsync();
            if (_stopping.IsCancellationRequested)
            {
                break;
            }

            if (end is null)
            {
                say($"worker {worker.Name} left as it was asked to, and is not started again");
                break;
            }

            if (time.GetElapsedTime(started) > WellAfter)
            {
                delay.Reset();
            }

            TimeSpan wait = delay.Next();
            say(string.Create(CultureInfo.InvariantCulture, $"worker {worker.Name} {end}; starting it again in {wait.TotalSeconds:0.0} s"));
            await Task.Delay(wait, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>How it ended; null: as it should, having been asked to.</returns>
    private async Task<string?> RunOnceAsync()
    {
        Process process;
        try
        {
            process = Process.Start(launch.StartOf(worker))!;
        }
        catch (Exception failed) when (failed is Win32Exception or IOException)
        {
            return $"could not be started: {failed.Message}";
        }

        using (process)
        {
            Volatile.Write(ref _process, process);
            if (_stopping.IsCancellationRequested)
            {
                // Stopped between the question and the start: whoever stops has not seen this process.
                Tell(process, null);
            }

            Task output = Task.WhenAll(PassOnAsync(process.StandardOutput), PassOnAsync(process.StandardError));
            await process.WaitForExitAsync();
            Volatile.Write(ref _process, null);
            // Something that it left behind may hold the pipes open.
            await Task.WhenAny(output, Task.Delay(LastWords, time));
            return process.ExitCode == ExitCodes.Success ? null : $"ended with exit code {process.ExitCode}";
        }
    }

    private async Task PassOnAsync(StreamReader output)
    {
        const string ours = "executor: ";
        try
        {
            while (await output.ReadLineAsync() is string line)
            {
                say($"worker {worker.Name}: {(line.StartsWith(ours, StringComparison.Ordinal) ? line[ours.Length..] : line)}");
            }
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
            // The process has ended and its pipes were given up.
        }
    }

    /// <summary>Writes a line on its standard input, or ends that input.</summary>
    private static void Tell(Process process, string? line)
    {
        try
        {
            if (line is null)
            {
                process.StandardInput.Close();
            }
            else
            {
                process.StandardInput.WriteLine(line);
                process.StandardInput.Flush();
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It has ended already.
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception)
        {
            // It has ended already.
        }
    }
}
