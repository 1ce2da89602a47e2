using System.Collections.Concurrent;
using System.Text.Json;
using Executor.Limits;
using Executor.Runners.Workspaces;
using Executor.Tasks;
using Executor.Wire;

namespace Executor.Runners.Agent;

/// <summary>A task's or a session's turn on an agent.</summary>
internal sealed class AgentWorkspace(AgentConnection agent, Func<AgentConnection, ValueTask> release) : IWorkspace
{
    /// <summary>How long an agent may take to clean up before it is ended instead (its kernel namespaces then clean up).</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<int, AgentProcess> _processes = new();
    private readonly AgentCollections _collections = new();
    private volatile RunnerException? _failure;
    private PutFailure? _putFailure;
    private int _lastProcess;
    private bool _disposed;

    public string Directory => "/work";

    public Task PutAsync(IReadOnlyList<WorkspaceFile> files, CancellationToken cancellationToken)
    {
        foreach (WorkspaceFile file in files)
        {
            Put(file);
        }

        // The next process to start finds them. One that runs already may look when this returns: they must be there.
        return _processes.IsEmpty ? Task.CompletedTask : WaitPutAsync(cancellationToken);
    }

    public Task<IRunningProcess> StartAsync(ProcessSpec spec, CancellationToken cancellationToken)
    {
        int number = Interlocked.Increment(ref _lastProcess);
        var process = new AgentProcess(agent, number, spec.Output);
        _processes[number] = process;
        agent.Writer.Add("start", json =>
        {
            json.WriteNumber("process", number);
            WriteSpec(json, spec);
        });
        agent.Flush();
        if (_failure is { } failure)
        {
            process.Fail(failure);
        }

        return Task.FromResult<IRunningProcess>(process);
    }

    public async Task<CollectedFiles> GetAsync(IReadOnlyList<string> patterns, long maxBytes, CancellationToken cancellationToken)
    {
        Task<CollectedFiles> collecting = _collections.AskAsync(() => agent.Writer.Add("get", json =>
        {
            json.WriteStrings("patterns", patterns);
            json.WriteNumber("max_bytes", maxBytes);
        }));
        agent.Flush();
        if (_failure is { } failure)
        {
            throw failure;
        }

        return await collecting.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach (AgentProcess process in _processes.Values)
        {
            process.Abandon();
        }

        agent.Writer.Add("close");
        agent.Flush();
        try
        {
            if (_failure is null)
            {
                await _closed.Task.WaitAsync(CloseTimeout);
            }
        }
        catch (TimeoutException)
        {
            agent.Kill();
        }
        catch (RunnerException)
        {
            // Gone, and everything in it with it.
        }

        await release(agent);
    }

    /// <summary>Called by the agent's reader, in the order of the frames.</summary>
    /// <returns>Whether the frame's data is still in use.</returns>
    public bool Handle(AgentFrame frame)
    {
        switch (frame.Operation)
        {
            case "output":
                return ProcessOf(frame)?.Receive((OutputStream)frame.Int("stream"), frame.Data) ?? false;
            case "taken":
                ProcessOf(frame)?.Taken(frame.Int("bytes"));
                break;
            case "memory":
                ProcessOf(frame)?.MemoryKillsAre(frame.Long("kills"));
                break;
            case "exit":
                if (_processes.TryRemove(frame.Int("process"), out AgentProcess? ended))
                {
                    ended.Exited(frame, _putFailure);
                }

                break;
            case "failed":
                _putFailure ??= new PutFailure($"{frame.Text("path")}: {frame.Text("message")}", frame.Flag("exhausted"));
                break;
            case "file":
                _collections.Add(frame.Text("path"), frame.Data.Span);
                break;
            case "got":
                _collections.Complete(frame);
                break;
            case "closed":
                _closed.TrySetResult();
                break;
            default:
                throw new InvalidDataException($"The agent sent an unknown operation \"{frame.Operation}\".");
        }

        return false;
    }

    public void Fail(RunnerException failure)
    {
        _failure = failure;
        foreach (AgentProcess process in _processes.Values)
        {
            process.Fail(failure);
        }

        _collections.Fail(failure);
        _closed.TrySetResult();
    }

    private AgentProcess? ProcessOf(AgentFrame frame) => _processes.GetValueOrDefault(frame.Int("process"));

    private void Put(WorkspaceFile file)
    {
        ReadOnlyMemory<byte> rest = file.Content;
        bool append = false;
        do
        {
            ReadOnlyMemory<byte> piece = rest[..int.Min(rest.Length, AgentFrameWriter.MaxData)];
            bool appending = append;
            agent.Writer.Add(
                "put",
                json =>
                {
                    json.WriteString("path", file.Path);
                    json.WriteBoolean("append", appending);
                    json.WriteBoolean("executable", file.Executable);
                },
                piece.Span);
            rest = rest[piece.Length..];
            append = true;
        }
        while (!rest.IsEmpty);
    }

    /// <summary>The agent does one thing after the other: it answers when it has written what came before the question.</summary>
    private async Task WaitPutAsync(CancellationToken cancellationToken)
    {
        await GetAsync([], maxBytes: 0, cancellationToken);
        if (Interlocked.Exchange(ref _putFailure, null) is { } failed)
        {
            throw new RunnerException(TaskErrorTypes.RunnerFailed, $"A file can't be written to the working directory: {failed.Problem}");
        }
    }

    private static void WriteSpec(Utf8JsonWriter json, ProcessSpec spec)
    {
        json.WriteStrings("argv", spec.Argv);
        json.WriteMap("env", spec.Env);
        json.WriteString("cwd", "");
        json.WriteBoolean("input", spec.HasInput);
        json.WriteBoolean("warm", spec.MayBeWarm);
        if (spec.MergeOutput)
        {
            json.WriteBoolean("merge", true);
        }

        if (spec.Answers)
        {
            json.WriteBoolean("answers", true);
        }

        EffectiveLimits limits = spec.Limits;
        json.WriteStartObject("limits");
        json.WriteNumber("memory_mb", limits.MemoryMb);
        json.WriteNumber("stack_mb", limits.StackMb);
        json.WriteNumber("cpu_time", limits.CpuTime);
        json.WriteNumber("pids", limits.Pids);
        json.WriteNumber("open_files", limits.OpenFiles);
        json.WriteNumber("file_size_mb", limits.FileSizeMb);
        // One byte over, by which the receiver sees that there was more.
        json.WriteNumber("output_bytes", ((long)limits.OutputKb << 10) + 1);
        json.WriteEndObject();
    }
}
