using System.Buffers.Binary;
using System.Text;

namespace Executor.Runners.Interpreters;

/// <summary>Frames to and from <c>session.py</c>, which describes them: a byte that says what it is, four bytes of length, the content.</summary>
internal sealed class InterpreterFrames
{
    /// <summary>What a frame of theirs may hold; an answer is at most half of that.</summary>
    public const int Largest = 16 << 20;

    private const int HeadSize = 5;
    private byte[] _held = new byte[1 << 12];
    private int _count;

    /// <summary>Takes the next piece of what comes, and hands on each frame that it completes; its content is only valid during the call.</summary>
    /// <exception cref="InvalidDataException">What came is not a frame.</exception>
    public async ValueTask TakeAsync(ReadOnlyMemory<byte> piece, Func<char, ReadOnlyMemory<byte>, ValueTask> frame)
    {
        if (_held.Length < _count + piece.Length)
        {
            Array.Resize(ref _held, int.Max(_count + piece.Length, _held.Length * 2));
        }

        piece.CopyTo(_held.AsMemory(_count));
        _count += piece.Length;
        int at = 0;
        while (_count - at >= HeadSize)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(_held.AsSpan(at + 1));
            if (length is < 0 or > Largest)
            {
                throw new InvalidDataException($"The interpreter sent a frame of {(uint)length} bytes.");
            }

            if (_count - at < HeadSize + length)
            {
                break;
            }

            await frame((char)_held[at], _held.AsMemory(at + HeadSize, length));
            at += HeadSize + length;
        }

        _count -= at;
        _held.AsSpan(at, _count).CopyTo(_held);
    }

    /// <summary>Code to execute.</summary>
    /// <param name="number">The execution, from 1.</param>
    /// <param name="mostOutput">Passed on of each stream, in bytes.</param>
    /// <param name="name">What tracebacks call it.</param>
    /// <param name="code">Source text.</param>
    public static byte[] Execute(int number, long mostOutput, string name, string code)
    {
        code = $"{name}\0{code}";
        byte[] frame = new byte[HeadSize + 12 + Encoding.UTF8.GetByteCount(code)];
        Encoding.UTF8.GetBytes(code, frame.AsSpan(HeadSize + 12));
        BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(HeadSize + 4), mostOutput);
        return Begin(frame, 'x', number);
    }

    /// <summary>Asks an execution to end.</summary>
    public static byte[] Interrupt(int number) => Begin(new byte[HeadSize + 4], 'i', number);

    /// <summary>Ends the interpreter while it is at an execution; with 0 in any case.</summary>
    public static byte[] Kill(int number) => Begin(new byte[HeadSize + 4], 'k', number);

    private static byte[] Begin(byte[] frame, char kind, int number)
    {
        frame[0] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - HeadSize);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(HeadSize), number);
        return frame;
    }
}
