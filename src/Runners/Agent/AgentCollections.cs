using System.Buffers;
using Executor.Runners.Workspaces;
using Executor.Tasks;

namespace Executor.Runners.Agent;

/// <summary>The files that an agent was asked for: it answers one question after the other.</summary>
internal sealed class AgentCollections
{
    private readonly Queue<Collection> _asked = new();

    /// <summary>Asks, and takes the next answer.</summary>
    /// <param name="ask">Writes the question; not called by two at once.</param>
    public Task<CollectedFiles> AskAsync(Action ask)
    {
        var collection = new Collection();
        lock (_asked)
        {
            _asked.Enqueue(collection);
            ask();
        }

        return collection.Done.Task;
    }

    /// <summary>A piece of a file came.</summary>
    public void Add(string path, ReadOnlySpan<byte> data)
    {
        lock (_asked)
        {
            if (_asked.TryPeek(out Collection? collection))
            {
                collection.Add(path, data);
            }
        }
    }

    /// <summary>An answer is complete.</summary>
    public void Complete(AgentFrame frame)
    {
        lock (_asked)
        {
            if (_asked.TryDequeue(out Collection? collection))
            {
                collection.Complete(frame);
            }
        }
    }

    /// <summary>No answer comes any more.</summary>
    public void Fail(RunnerException failure)
    {
        lock (_asked)
        {
            while (_asked.TryDequeue(out Collection? collection))
            {
                collection.Done.TrySetException(failure);
                _ = collection.Done.Task.Exception; // observed: the asker may have given up
            }
        }
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
