using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Executor.Runners.Workspaces;
using Executor.Tasks;

namespace Executor.Runners.Interpreters;

/// <summary>A running <c>session.py</c>.</summary>
internal sealed class InterpreterProcess : IAsyncDisposable
{
    private const int DiagnosticsLimit = 4096;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly InterpreterFrames _frames = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly StringBuilder _diagnostics = new();
    private IRunningProcess _process = null!;
    private volatile TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile InterpreterTurn? _turn;

    private InterpreterProcess()
    {
    }

    /// <summary>How all of it ended; faults when our own machinery failed.</summary>
    public Task<ProcessExit> Ended { get; private set; } = null!;

    /// <summary>Starts one and waits until it is ready.</summary>
    /// <exception cref="RunnerException">It could not be started; the message says why.</exception>
    public static async Task<InterpreterProcess> StartAsync(IWorkspace workspace, ProcessSpec spec, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = new InterpreterProcess();
        started._process = await workspace.StartAsync(spec with { Output = started.ReceiveAsync }, cancellationToken);
        started.Ended = started.WatchAsync();
        try
        {
            await Task.WhenAny(started._ready.Task, started.Ended).WaitAsync(StartTimeout, time, cancellationToken);
            if (!started._ready.Task.IsCompletedSuccessfully)
            {
                throw started.NotStarted(await started.Ended, spec);
            }

            return started;
        }
        catch (Exception failed)
        {
            await started.KillAsync();
            await started.DisposeAsync();
            throw failed is TimeoutException ? new RunnerException(TaskErrorTypes.RunnerFailed, $"The interpreter was not ready within {StartTimeout.TotalSeconds:0} s.") : failed;
        }
    }

    /// <summary>Begins an execution: what comes from here on is for it.</summary>
    public InterpreterTurn Begin(int number, OutputReceiver output)
    {
        var turn = new InterpreterTurn(number, output);
        _turn = turn;
        if (Ended.IsCompleted)
        {
            EndTurn(Ended);
        }

        return turn;
    }

    /// <summary>Sends a frame; that nobody is there any more is told by <see cref="Ended"/>.</summary>
    public async Task SendAsync(byte[] frame, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            // Never half of it: a caller who leaves does not call it back.
            await _process.StandardInput.WriteAsync(frame, CancellationToken.None);
            await _process.StandardInput.FlushAsync(CancellationToken.None);
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Replaces the interpreter.</summary>
    /// <returns>A task that completes when another one is there, or all of it has ended.</returns>
    public async Task RestartAsync()
    {
        _turn = null;
        _ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync(InterpreterFrames.Kill(0), CancellationToken.None);
        await Task.WhenAny(_ready.Task, Ended);
    }

    /// <summary>How many processes the memory limit has ended so far; null: that can't be told.</summary>
    public Task<long?> CountMemoryKillsAsync() => _process.CountMemoryKillsAsync(CancellationToken.None);

    /// <summary>Ends all of it. Errors are left to <see cref="Ended"/>.</summary>
    public async Task KillAsync()
    {
        try
        {
            await _process.StopAsync(StopMode.KillTree, CancellationToken.None);
        }
        catch (RunnerException)
        {
        }
    }

    public async ValueTask DisposeAsync() => await _process.DisposeAsync();

    private async Task<ProcessExit> WatchAsync()
    {
        Task<ProcessExit> ended = _process.WaitAsync(CancellationToken.None);
        await ((Task)ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        EndTurn(ended);
        return await ended;
    }

    private void EndTurn(Task<ProcessExit> ended)
    {
        if (ended.IsCompletedSuccessfully)
        {
            _turn?.End(new TurnEnd(null, null, ended.Result));
        }
        else
        {
            _turn?.Fail(ended.Exception?.InnerException ?? new RunnerException(TaskErrorTypes.RunnerFailed, "The interpreter was lost."));
        }
    }

    private async ValueTask ReceiveAsync(OutputStream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (stream == OutputStream.Stdout)
        {
            await _frames.TakeAsync(data, (kind, content) => HandleAsync(kind, content, cancellationToken));
        }
        else if (_diagnostics.Length < DiagnosticsLimit)
        {
            _diagnostics.Append(Encoding.UTF8.GetString(data.Span));
        }
    }

    private ValueTask HandleAsync(char kind, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        switch (kind)
        {
            case 'r':
                _ready.TrySetResult();
                break;
            case 'o' or 'e':
                return _turn?.ReceiveAsync(kind == 'o' ? OutputStream.Stdout : OutputStream.Stderr, content, cancellationToken) ?? ValueTask.CompletedTask;
            case 'd' or 'l' when _turn is { } turn && BinaryPrimitives.ReadInt32BigEndian(content.Span) == turn.Number:
                turn.End(kind == 'd'
                    ? new TurnEnd(InterpreterAnswer.Parse(content[4..]), null, null)
                    : new TurnEnd(null, LossOf(content[4..]), null));
                break;
            default:
                throw new InvalidDataException($"The interpreter sent a frame '{kind}' that nobody waits for.");
        }

        return ValueTask.CompletedTask;
    }

    private static InterpreterLoss LossOf(ReadOnlyMemory<byte> json)
    {
        try
        {
            return InterpreterLoss.Parse(json);
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException("The interpreter's end can't be read.", broken);
        }
    }

    private RunnerException NotStarted(ProcessExit exit, ProcessSpec spec)
    {
        string why = exit.StartError
            ?? (exit.OomKilled ? $"it needs more than its memory limit of {spec.Limits.MemoryMb} MiB (limits.memory_mb)" : null)
            ?? (_diagnostics.Length > 0 ? _diagnostics.ToString().Trim() : null)
            ?? $"it ended with exit code {exit.ExitCode}";
        return new RunnerException(TaskErrorTypes.RuntimeUnavailable, $"The session's interpreter could not be started: {why}");
    }
}
