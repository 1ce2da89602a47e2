using System.Buffers;
using System.IO.Pipelines;

namespace Executor.Configuration.Batches;

/// <summary>Reads lines of bytes, holding one at a time. A line over the limit is skipped and handed out as too long.</summary>
/// <param name="pipe">Where they come from.</param>
/// <param name="maxLength">The limit, in bytes.</param>
public sealed class LineReader(PipeReader pipe, long maxLength)
{
    private SequencePosition? consumed;

    /// <summary>Number of the line last handed out, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Whether the line last handed out was over the limit; it is then empty.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>The next line without its newline, good until the next call; null at the end.</summary>
    public async ValueTask<ReadOnlySequence<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        if (consumed is SequencePosition position)
        {
            pipe.AdvanceTo(position);
            consumed = null;
        }

        IsTooLong = false;
        for (long searched = 0; ;)
        {
            ReadResult read = await pipe.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> buffer = read.Buffer;
            if (buffer.Slice(searched).PositionOf((byte)'\n') is SequencePosition newline)
            {
                return HandOut(buffer.Slice(0, newline), buffer.GetPosition(1, newline));
            }

            if (read.IsCompleted)
            {
                bool isEnd = buffer.IsEmpty && !IsTooLong;
                ReadOnlySequence<byte>? last = HandOut(buffer, buffer.End);
                return isEnd ? null : last;
            }

            IsTooLong |= buffer.Length > maxLength;
            // What has been searched is kept for the line, or dropped when the line is too long for that.
            searched = IsTooLong ? 0 : buffer.Length;
            pipe.AdvanceTo(IsTooLong ? buffer.End : buffer.Start, buffer.End);
        }
    }

    private ReadOnlySequence<byte> HandOut(ReadOnlySequence<byte> line, SequencePosition end)
    {
        Number++;
        consumed = end;
        IsTooLong |= line.Length > maxLength;
        return IsTooLong ? ReadOnlySequence<byte>.Empty : line;
    }
}
