using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Executor.Tasks;

namespace Executor.Configuration.Batches;

/// <summary>
/// Reads tasks from a file. Three forms, told by the file's extension, else by its first character: JSON lines
/// (<c>.jsonl</c>, <c>.ndjson</c>; a task a line, blank lines skipped), JSON (<c>.json</c>) and YAML (<c>.yaml</c>,
/// <c>.yml</c>), each a list of tasks, a map with <c>tasks</c>, or one task.
/// <para>
/// JSON lines are read as they come, one in memory at a time, and a broken line costs only itself. JSON and YAML are read as
/// a whole before the first entry: where they are broken, nothing is handed out.
/// </para>
/// </summary>
public static partial class TaskBatchReader
{
    /// <summary>Longest line of JSON lines: longer ones are handed out as faults. 256 MiB.</summary>
    public const long MaxLineBytes = 256L << 20;

    /// <summary>Reads a file.</summary>
    /// <exception cref="TaskBatchException">The file can't be read, has no task in it, or is broken JSON or YAML.</exception>
    public static async IAsyncEnumerable<TaskBatchEntry> ReadFileAsync(
        string path, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using FileStream file = Open(path);
        await foreach (TaskBatchEntry entry in ReadAsync(file, path, cancellationToken))
        {
            yield return entry;
        }
    }

    /// <summary>Reads a stream, which stays open.</summary>
    /// <param name="stream">The content.</param>
    /// <param name="name">Its name: for messages, and for its extension.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="TaskBatchException">As for <see cref="ReadFileAsync"/>.</exception>
    public static async IAsyncEnumerable<TaskBatchEntry> ReadAsync(
        Stream stream, string name, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        PipeReader pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 1 << 16, leaveOpen: true));
        Form form = await ExplainAsync(TellFormAsync(pipe, name, cancellationToken), name);
        long count = 0;
        if (form == Form.JsonLines)
        {
            LineReader lines = new(pipe, MaxLineBytes);
            while (await ExplainAsync(lines.NextAsync(cancellationToken), name) is ReadOnlySequence<byte> line)
            {
                if (lines.IsTooLong || !IsBlank(line))
                {
                    count++;
                    yield return new TaskBatchEntry(lines.Number, lines.IsTooLong ? TooLong : ReadLine(line));
                }
            }
        }
        else
        {
            using MemoryStream whole = await ExplainAsync(ReadWholeAsync(pipe, cancellationToken), name);
            foreach (TaskBatchEntry entry in form == Form.Json ? ReadJson(whole, name) : ReadYaml(whole, name))
            {
                cancellationToken.ThrowIfCancellationRequested();
                count++;
                yield return entry;
            }
        }

        if (count == 0)
        {
            throw new TaskBatchException($"{name}: has no task in it");
        }
    }

    private static TaskReading TooLong { get; } = TaskReading.Refused("", $"is longer than {MaxLineBytes >> 20} MiB");

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan | FileOptions.Asynchronous);
        }
        catch (Exception exception) when (UnreadableFile.IsCause(exception))
        {
            throw Unreadable(path, exception);
        }
    }

    private static async ValueTask<MemoryStream> ReadWholeAsync(PipeReader pipe, CancellationToken cancellationToken)
    {
        MemoryStream whole = new();
        await pipe.CopyToAsync(whole, cancellationToken);
        whole.Position = 0;
        return whole;
    }

    private static async ValueTask<T> ExplainAsync<T>(ValueTask<T> reading, string name)
    {
        try
        {
            return await reading;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(name, exception);
        }
    }

    private static TaskBatchException Unreadable(string name, Exception exception) =>
        new($"{name}: can't be read: {UnreadableFile.Explain(name, exception)}", exception);

    private static TaskReading ReadLine(ReadOnlySequence<byte> line) =>
        TaskSpecReader.Read(line.IsSingleSegment ? line.FirstSpan : line.ToArray());

    private static bool IsBlank(ReadOnlySequence<byte> line)
    {
        foreach (ReadOnlyMemory<byte> part in line)
        {
            if (part.Span.ContainsAnyExcept(" \t\r"u8))
            {
                return false;
            }
        }

        return true;
    }
}
