using System.Buffers;
using Executor.Runners.Workspaces;
using Executor.Tasks;
using Executor.Wire;

namespace Executor.Runners.Agent;

/// <summary>A task's turn on an agent.</summary>
internal sealed class AgentWorkspace(AgentConnection agent, Func<AgentConnection, ValueTask> release) : IWorkspace
{
    /// <summary>How long an agent may take to clean up before it is ended instead (its kernel namespaces then clean up).</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile AgentProcess? _process;
    private volatile Collection? _collection;
    private volatile RunnerException? _failure;
    private string? _putFailure;
    private bool _disposed;

    public string Directory => "/work";

    public Task PutAsync(IReadOnlyList<WorkspaceFile> files, CancellationToken cancellationToken)
    {
        foreach (WorkspaceFile file in files)
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

        return Task.CompletedTask;
    }

    public Task<IRunningProcess> StartAsync(ProcessSpec spec, CancellationToken cancellationToken)
    {
        var process = new AgentProcess(agent, spec);
        _process = process;
        agent.Writer.Add("start", json =>
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

            json.WriteStartObject("limits");
            json.WriteNumber("memory_mb", spec.Limits.MemoryMb);
            json.WriteNumber("stack_mb", spec.Limits.StackMb);
            json.WriteNumber("cpu_time", spec.Limits.CpuTime);
            json.WriteNumber("pids", spec.Limits.Pids);
            json.WriteNumber("open_files", spec.Limits.OpenFiles);
            json.WriteNumber("file_size_mb", spec.Limits.FileSizeMb);
            // One byte over, by which the receiver sees that there was more.
            json.WriteNumber("output_bytes", ((long)spec.Limits.OutputKb << 10) + 1);
            json.WriteEndObject();
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
        var collection = new Collection();
        _collection = collection;
        agent.Writer.Add("get", json =>
        {
            json.WriteStrings("patterns", patterns);
            json.WriteNumber("max_bytes", maxBytes);
        });
        agent.Flush();
        if (_failure is { } failure)
        {
            throw failure;
        }

        return await collection.Done.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
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
    public void Handle(AgentFrame frame)
    {
        switch (frame.Operation)
        {
            case "output":
                _process?.Receive((OutputStream)frame.Int("stream"), frame.Data);
                break;
            case "taken":
                _process?.Taken(frame.Int("bytes"));
                break;
            case "memory":
                _process?.MemoryKillsAre(frame.Long("kills"));
                break;
            case "exit":
                _process?.Exited(frame, _putFailure);
                break;
            case "failed":
                _putFailure ??= $"{frame.Text("path")}: {frame.Text("message")}";
                break;
            case "file":
                _collection?.Add(frame.Text("path"), frame.Data.Span);
                break;
            case "got":
                _collection?.Complete(frame);
                break;
            case "closed":
                _closed.TrySetResult();
                break;
            default:
                throw new InvalidDataException($"The agent sent an unknown operation \"{frame.Operation}\".");
        }
    }

    public void Fail(RunnerException failure)
    {
        _failure = failure;
        _process?.Fail(failure);
        _collection?.Done.TrySetException(failure);
        _closed.TrySetResult();
    }

    private sealed class Collection
    {
        private readonly Dictionary<string, ArrayBufferWriter<byte>> _files = [];

        public TaskCompletionSource<CollectedFiles> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Add(string path, ReadOnlySpan<byte> data)
        {
            if (!_files.TryGetValue(path, out ArrayBufferWriter<byte>? file))
            {
                _files[path] = file = new ArrayBufferWriter<byte>(int.Max(data.Length, 1));
            }

            file.Write(data);
        }

        public void Complete(AgentFrame frame)
        {
            List<string> skipped = [.. frame.Message.GetProperty("skipped").EnumerateArray().Select(item => item.GetString()!)];
            int more = frame.Int("skipped_count") - skipped.Count;
            if (more > 0)
            {
                skipped.Add($"… and {more} more");
            }

            Done.TrySetResult(new CollectedFiles(_files.ToDictionary(file => file.Key, file => file.Value.WrittenSpan.ToArray()), skipped));
        }
    }
}
