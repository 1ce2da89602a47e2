using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Executor.Configuration.Batches;
using Executor.Hosting;
using Executor.Tasks;

namespace Executor.Cli.Batch;

/// <summary>What a results file has from an earlier batch, perhaps an interrupted one.</summary>
internal static class EarlierResults
{
    /// <summary>
    /// Reads which tasks ended, by id, and whether with success; cuts off a last line that was not written to its end. No
    /// file: none.
    /// </summary>
    /// <exception cref="UsageException">It can't be read, or is not a file of results; then it is left as it was.</exception>
    public static async Task<Dictionary<string, bool>> TakeUpAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            await using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            (Dictionary<string, bool> ended, long end) = await ReadAsync(file, path, cancellationToken);
            file.SetLength(end);
            return ended;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--out {path}: can't be read: {exception.Message}");
        }
    }

    private static async Task<(Dictionary<string, bool> Ended, long End)> ReadAsync(FileStream file, string path, CancellationToken cancellationToken)
    {
        Dictionary<string, bool> ended = [];
        LineReader lines = new(PipeReader.Create(file, new StreamPipeReaderOptions(bufferSize: 1 << 16, leaveOpen: true)), TaskBatchReader.MaxLineBytes);
        long end = 0;
        while (await lines.NextAsync(cancellationToken) is ReadOnlySequence<byte> line)
        {
            // A line is written together with its newline: without one, the write was cut short.
            bool isWhole = end + line.Length < file.Length;
            if (!(isWhole ? TryRead(line, ended) : IsTornResult(line)))
            {
                throw new UsageException($"--out {path}: line {lines.Number} is not a result; --resume needs the results of an earlier batch");
            }

            end += isWhole ? line.Length + 1 : 0;
        }

        return (ended, end);
    }

    private static bool IsTornResult(ReadOnlySequence<byte> line)
    {
        byte[] start = line.Slice(0, long.Min(line.Length, "{\"task_id\":"u8.Length)).ToArray();
        return "{\"task_id\":"u8.StartsWith(start);
    }

    /// <summary>Adds the task's id if it ended; false when the line is not a result.</summary>
    private static bool TryRead(ReadOnlySequence<byte> line, Dictionary<string, bool> ended)
    {
        string? taskId = null;
        string? status = null;
        try
        {
            Utf8JsonReader json = new(line);
            json.Read();
            while ((taskId is null || status is null) && json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                (bool isId, bool isStatus) = (json.ValueTextEquals("task_id"), json.ValueTextEquals("status"));
                json.Read();
                taskId = isId ? json.GetString() : taskId;
                status = isStatus ? json.GetString() : status;
                json.Skip();
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }

        if (taskId is null || !Enum.TryParse(status, ignoreCase: true, out ExecutionStatus parsed))
        {
            return false;
        }

        if (parsed.IsFinal())
        {
            ended[taskId] = parsed == ExecutionStatus.Completed;
        }

        return true;
    }
}
