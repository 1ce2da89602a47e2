using System.Diagnostics;
using Executor.Runners.Workspaces;
using Executor.Tasks;

namespace Executor.Runners.Local.Plain;

/// <summary>A process of the host's.</summary>
internal sealed class PlainProcess : IRunningProcess
{
    private const int HighestSignal = 64;

    /// <summary>After the tree has ended its pipes are at their end; only a process that escaped could hold them open.</summary>
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(5);

    /// <summary>A process that outlives the main one may still have to print what it was given: it is ended when nothing has come for so long …</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(250);

    /// <summary>… or after this.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly string _cookie;
    private readonly CancellationTokenSource _stopReading = new();
    private readonly Lock _stdout = new();
    private readonly Lock _stderr = new();
    private readonly Task<ProcessExit> _exit;
    private long _heard;

    public PlainProcess(Process process, ProcessSpec spec, string cookie)
    {
        _process = process;
        _cookie = cookie;
        if (!spec.HasInput)
        {
            process.StandardInput.Close();
        }

        _exit = RunAsync(spec);
    }

    public Stream StandardInput => _process.StandardInput.BaseStream;

    public Task<ProcessExit> WaitAsync(CancellationToken cancellationToken) => _exit.WaitAsync(cancellationToken);

    public Task StopAsync(StopMode mode, CancellationToken cancellationToken)
    {
        if (mode == StopMode.Polite)
        {
            ProcessTree.Terminate(_process.Id);
        }
        else
        {
            KillTree();
        }

        return Task.CompletedTask;
    }

    /// <summary>Kills it, and waits until it has ended.</summary>
    public async Task EndAsync()
    {
        KillTree();
        await ((Task)_exit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _process.Dispose();
        _stopReading.Dispose();
    }

    private async Task<ProcessExit> RunAsync(ProcessSpec spec)
    {
        Task output = Pump(_process.StandardOutput.BaseStream, OutputStream.Stdout, spec.Output);
        // Where the system can't make one stream of the two, they are put together here, in the order in which they come.
        Task error = spec.MergeOutput
            ? Pump(_process.StandardError.BaseStream, OutputStream.Stdout, spec.Output)
            : Pump(_process.StandardError.BaseStream, OutputStream.Stderr, spec.Output);
        await _process.WaitForExitAsync();
        TimeSpan cpu = Usage();
        Task drained = Task.WhenAll(output, error);
        await LingerAsync(drained);
        ProcessTree.Kill(_cookie);
        try
        {
            await drained.WaitAsync(DrainTimeout);
        }
        catch (TimeoutException)
        {
            await _stopReading.CancelAsync();
        }

        int code = _process.ExitCode;
        int? signal = !OperatingSystem.IsWindows() && code is > 128 and <= 128 + HighestSignal ? code - 128 : null;
        return new ProcessExit
        {
            ExitCode = code,
            Signal = signal,
            CpuTimeSec = cpu == TimeSpan.Zero ? null : cpu.TotalSeconds,
            CpuTimeExceeded = signal == 24, // SIGXCPU
        };
    }

    private async Task LingerAsync(Task drained)
    {
        long ended = Stopwatch.GetTimestamp();
        Volatile.Write(ref _heard, ended);
        while (!drained.IsCompleted && Stopwatch.GetElapsedTime(ended) < Linger && Silence - Stopwatch.GetElapsedTime(Volatile.Read(ref _heard)) is { Ticks: > 0 } left)
        {
            await Task.WhenAny(drained, Task.Delay(left));
        }
    }

    private TimeSpan Usage()
    {
        try
        {
            return _process.TotalProcessorTime;
        }
        catch (Exception gone) when (gone is InvalidOperationException or NotSupportedException or System.ComponentModel.Win32Exception)
        {
            return TimeSpan.Zero; // the system no longer knows it
        }
    }

    /// <summary>On a thread of its own: reads of a pipe block, and many programs at once would use up the pool's.</summary>
    private Task Pump(Stream stream, OutputStream which, OutputReceiver receiver) => Task.Factory.StartNew(
        () =>
        {
            byte[] buffer = new byte[1 << 16];
            try
            {
                int read;
                while ((read = stream.Read(buffer)) > 0)
                {
                    Volatile.Write(ref _heard, Stopwatch.GetTimestamp());
                    lock (which == OutputStream.Stdout ? _stdout : _stderr)
                    {
                        receiver(which, buffer.AsMemory(0, read), _stopReading.Token).AsTask().GetAwaiter().GetResult();
                    }
                }
            }
            catch (Exception ended) when (ended is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // Closed under us: what came before has been given.
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private void KillTree()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is InvalidOperationException or AggregateException or System.ComponentModel.Win32Exception)
        {
            // It has ended, or a descendant did while the tree was walked; the cookie finds the rest.
        }

        ProcessTree.Kill(_cookie);
    }
}
