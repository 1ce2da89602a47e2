using System.Text;

namespace Executor.Text;

/// <summary>One stream's bytes as text, piece by piece, as the whole would be.</summary>
public sealed class StreamText
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    /// <summary>How many characters it has given.</summary>
    public int Length { get; private set; }

    /// <summary>The characters that a piece completes.</summary>
    public string Decode(ReadOnlySpan<byte> data)
    {
        int length = _decoder.GetCharCount(data, flush: false);
        if (length == 0)
        {
            // The bytes of an unfinished character are the decoder's to keep.
            _decoder.GetChars(data, Span<char>.Empty, flush: false);
            return "";
        }

        char[] text = new char[length];
        _decoder.GetChars(data, text, flush: false);
        Length += length;
        return new string(text);
    }
}
