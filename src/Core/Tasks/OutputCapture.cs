using System.Buffers;
using System.Globalization;
using System.Text;

namespace Executor.Tasks;

/// <summary>Keeps the first bytes of a process's output and hands every piece on as it comes.</summary>
/// <param name="limitKb">Kept of each stream, in KiB.</param>
/// <param name="live">Who else gets the pieces, up to the limit; null: nobody.</param>
/// <param name="keptKb">Kept of each stream where that is less than the limit, in KiB; null: all of it.</param>
public sealed class OutputCapture(int limitKb, OutputReceiver? live, int? keptKb = null)
{
    private readonly long _limit = (long)limitKb << 10;
    private readonly long _kept = (long)int.Min(limitKb, keptKb ?? limitKb) << 10;
    private long _stdoutSeen;
    private long _stderrSeen;
    private readonly ArrayBufferWriter<byte> _stdout = new();
    private readonly ArrayBufferWriter<byte> _stderr = new();
    private bool _stdoutCut;
    private bool _stderrCut;

    /// <summary>Whether either stream had more than was kept.</summary>
    public bool Truncated => _stdoutCut || _stderrCut;

    /// <summary>Standard output as text, with a mark where it was cut.</summary>
    public string Stdout => Text(_stdout, _stdoutCut);

    /// <summary>Standard error as text, with a mark where it was cut.</summary>
    public string Stderr => Text(_stderr, _stderrCut);

    /// <summary>Takes a piece. Calls for one stream don't overlap; the two streams may.</summary>
    public ValueTask ReceiveAsync(OutputStream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        ArrayBufferWriter<byte> kept = stream == OutputStream.Stdout ? _stdout : _stderr;
        ref long seen = ref stream == OutputStream.Stdout ? ref _stdoutSeen : ref _stderrSeen;
        long room = _limit - seen;
        if (data.Length > room)
        {
            data = data[..(int)room];
            if (stream == OutputStream.Stdout)
            {
                _stdoutCut = true;
            }
            else
            {
                _stderrCut = true;
            }
        }

        if (data.IsEmpty)
        {
            return ValueTask.CompletedTask;
        }

        seen += data.Length;
        kept.Write(data.Span[..(int)long.Min(data.Length, _kept - kept.WrittenCount)]);
        return live?.Invoke(stream, data, cancellationToken) ?? ValueTask.CompletedTask;
    }

    private string Text(ArrayBufferWriter<byte> kept, bool cut)
    {
        ReadOnlySpan<byte> bytes = kept.WrittenSpan;
        if (!cut)
        {
            return Encoding.UTF8.GetString(bytes);
        }

        // Not half a character: at most three bytes of an unfinished one are at the end.
        int end = bytes.Length;
        for (int back = 1; back <= int.Min(3, bytes.Length); back++)
        {
            byte lead = bytes[^back];
            if ((lead & 0xC0) == 0xC0)
            {
                int needed = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
                end = needed > back ? bytes.Length - back : end;
                break;
            }

            if ((lead & 0x80) == 0)
            {
                break;
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetString(bytes[..end])}\n[output truncated: more than {limitKb} KiB]\n");
    }
}
