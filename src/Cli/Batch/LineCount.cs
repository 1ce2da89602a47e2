namespace Executor.Cli.Batch;

/// <summary>Tells how many tasks a batch file has before it has been read, for the progress shown.</summary>
internal static class LineCount
{
    /// <summary>The number of lines of a file of JSON lines; 0 when it can't be told cheaply.</summary>
    public static long Estimate(string path)
    {
        if (Path.GetExtension(path).ToLowerInvariant() is not (".jsonl" or ".ndjson"))
        {
            return 0;
        }

        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);
            byte[] buffer = new byte[1 << 18];
            (long lines, byte last) = (0, (byte)'\n');
            for (int count; (count = file.Read(buffer)) > 0; last = buffer[count - 1])
            {
                lines += buffer.AsSpan(0, count).Count((byte)'\n');
            }

            return last == '\n' ? lines : lines + 1;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Whoever reads it for its tasks says so better.
            return 0;
        }
    }
}
