using System.Text.Json;
using Executor.Hosting;
using Executor.Tasks;

namespace Executor.Cli.Batch;

/// <summary>Writes results as JSON lines: each whole, in one write, as soon as it is there. Thread-safe.</summary>
internal sealed class ResultsWriter : IDisposable
{
    private readonly FileStream? _file;
    private readonly Lock _lock = new();
    private bool _mustClear;

    private ResultsWriter(FileStream? file, bool mustClear) => (_file, _mustClear) = (file, mustClear);

    /// <param name="path">The file; null: standard output.</param>
    /// <param name="keep">Whether what the file has stays, and results are added after it. Else it goes when the first result comes.</param>
    /// <exception cref="UsageException">It can't be written.</exception>
    public static ResultsWriter Open(string? path, bool keep)
    {
        if (path is null)
        {
            return new ResultsWriter(null, mustClear: false);
        }

        try
        {
            // No buffer of its own: a line that was written is the system's, whatever becomes of us.
            FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
            if (keep)
            {
                file.Seek(0, SeekOrigin.End);
            }

            return new ResultsWriter(file, mustClear: !keep && file.CanSeek);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"--out {path}: can't be written: {exception.Message}");
        }
    }

    public void Write(TaskResult result)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(result, ExecutorJson.Wire.TaskResult), (byte)'\n'];
        lock (_lock)
        {
            if (_file is null)
            {
                OutputChannel.Stdout.Write(line);
                return;
            }

            if (_mustClear)
            {
                _file.SetLength(0);
                _mustClear = false;
            }

            _file.Write(line);
        }
    }

    public void Dispose() => _file?.Dispose();
}
