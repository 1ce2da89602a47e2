using System.Text.Json;
using Executor.Runners.Workspaces;
using Executor.Tasks;
using Executor.Wire;

namespace Executor.Runners.Agent;

/// <summary>
/// One agent: has one workspace at a time, each in a sandbox of its own. Rent it with <see cref="Open"/>; it is free again when the
/// workspace is disposed. When it dies, whoever waits on it gets a <see cref="RunnerException"/> and it is not used again.
/// </summary>
public sealed class AgentConnection : IAsyncDisposable
{
    private readonly AgentTransport _transport;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile AgentWorkspace? _workspace;
    private RunnerException? _failure;

    /// <summary>Takes a started agent over and tells it what it is to be.</summary>
    /// <param name="transport">The started agent; owned from here on.</param>
    /// <param name="options">What it is told.</param>
    public AgentConnection(AgentTransport transport, AgentOptions options)
    {
        _transport = transport;
        Writer = new AgentFrameWriter(transport.Input);
        // A thread of its own, not the pool's: reads of a pipe block, and there are as many agents as tasks at once.
        new Thread(ReadLoop) { IsBackground = true, Name = "agent-reader" }.Start();
        try
        {
            Writer.Add("configure", json => WriteOptions(json, options));
            Writer.Flush();
        }
        catch (IOException)
        {
            // It died at once; the reader says why.
        }
    }

    /// <summary>Frames to the agent.</summary>
    internal AgentFrameWriter Writer { get; }

    /// <summary>Whether it can serve no more.</summary>
    public bool IsDead => _failure is not null;

    /// <summary>The memory cgroup the agent made for itself, which outlives it; else null.</summary>
    internal string? Cgroup { get; private set; }

    /// <summary>Completes when the agent has built its sandbox.</summary>
    /// <exception cref="RunnerException">It could not; the message says why and what to do.</exception>
    public Task WaitReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);

    /// <summary>Begins a task. The agent must be ready and free.</summary>
    /// <param name="diskMb">Size of its disk, in MiB.</param>
    /// <param name="release">Called when the workspace is disposed and the agent is free, or dead.</param>
    public IWorkspace Open(int diskMb, Func<AgentConnection, ValueTask> release)
    {
        var workspace = new AgentWorkspace(this, release);
        _workspace = workspace;
        Writer.Add("open", json => json.WriteNumber("disk_mb", diskMb));
        if (_failure is { } failure)
        {
            workspace.Fail(failure);
        }

        return workspace;
    }

    /// <summary>Sends what was added; a dead agent is not an error here but where its answer is awaited.</summary>
    internal void Flush() => Attempt(Writer.Flush);

    /// <summary>Sends a frame, with what was added before; likewise.</summary>
    internal void Send(string operation, Action<Utf8JsonWriter> fields) => Attempt(() =>
    {
        Writer.Add(operation, fields);
        Writer.Flush();
    });

    private static void Attempt(Action send)
    {
        try
        {
            send();
        }
        catch (IOException)
        {
            // The reader meets the end of the stream and fails whoever waits.
        }
        catch (ObjectDisposedException)
        {
        }
    }

    /// <summary>Ends the agent at once, and with it whatever runs in it.</summary>
    internal void Kill() => _transport.Kill();

    /// <summary>Ends it, and with it whatever runs in it.</summary>
    public async ValueTask DisposeAsync()
    {
        _failure ??= new RunnerException(TaskErrorTypes.RunnerFailed, "The agent was stopped.");
        _transport.Kill();
        await _ended.Task; // its output has ended: the last process that could write to it is gone
        await _transport.DisposeAsync();
        await RemoveCgroupAsync();
    }

    private void ReadLoop()
    {
        var reader = new AgentFrameReader(new BufferedStream(_transport.Output, 1 << 16));
        RunnerException failure;
        try
        {
            while (reader.Read() is { } frame)
            {
                if (Dispatch(frame))
                {
                    reader.GiveUpData();
                }
            }

            failure = _failure ?? Died("it ended");
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException or InvalidDataException or OperationCanceledException)
        {
            failure = _failure ?? Died(broken.Message);
        }

        _failure = failure;
        _ready.TrySetException(failure);
        _ = _ready.Task.Exception; // observed: nobody may be waiting for a prepared agent
        _workspace?.Fail(failure);
        _transport.Kill();
        _ended.TrySetResult();
    }

    /// <returns>Whether its data is still in use.</returns>
    private bool Dispatch(AgentFrame frame)
    {
        switch (frame.Operation)
        {
            case "ready":
                Cgroup = frame.TextOrNull("cgroup");
                _ready.TrySetResult();
                return false;
            case "error":
                _failure = new RunnerException(TaskErrorTypes.SandboxUnavailable, $"The sandbox can't be built: {frame.Text("message")}");
                return false;
            default:
                return _workspace?.Handle(frame) ?? false;
        }
    }

    private RunnerException Died(string how)
    {
        string printed = _transport.ReadDiagnostics().Trim();
        return _transport.Failure ?? new RunnerException(TaskErrorTypes.AgentLost, printed.Length == 0 ? $"The agent was lost: {how}." : $"The agent was lost: {how}. It printed: {printed}");
    }

    private async Task RemoveCgroupAsync()
    {
        // A process leaves its group a moment after it has closed its files.
        for (int attempt = 0; Cgroup is not null && _transport.IsOnThisMachine && attempt < 100; attempt++)
        {
            try
            {
                Directory.Delete(Cgroup);
                return;
            }
            catch (IOException)
            {
                await Task.Delay(5);
            }
            catch (UnauthorizedAccessException)
            {
                return;
            }
        }
    }

    private static void WriteOptions(Utf8JsonWriter json, AgentOptions options)
    {
        if (options.InContainer)
        {
            json.WriteBoolean("container", true);
            json.WriteNumber("turn", options.Turn);
        }

        json.WriteBoolean("network", options.Network);
        json.WriteNumber("disk_mb", options.DiskMb);
        json.WriteStrings("read_only_paths", options.ReadOnlyPaths);
        json.WriteStrings("preload", options.Preload);
        if (options.Environment is not null)
        {
            json.WriteString("environment", options.Environment);
        }

        if (options.Prestart is not null)
        {
            json.WriteStrings("prestart", options.Prestart);
            json.WriteMap("prestart_env", options.PrestartEnv);
        }

        json.WriteMap("extra_files", options.ExtraFiles);
        if (options.Folder is not null)
        {
            json.WriteString("folder", options.Folder);
        }

        if (options.Silence is { } silence)
        {
            json.WriteNumber("silence_sec", (int)silence.TotalSeconds);
        }
    }
}
