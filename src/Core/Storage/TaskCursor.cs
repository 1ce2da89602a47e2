using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Executor.Storage;

/// <summary>A place in the list of tasks. Opaque to clients: they hand back the text they were given.</summary>
/// <param name="SubmittedAtMs">Submission time of the last task before it, in milliseconds since the Unix epoch.</param>
/// <param name="Sequence">The store's own number of that task.</param>
public readonly record struct TaskCursor(long SubmittedAtMs, long Sequence)
{
    private const int Size = 2 * sizeof(long);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TaskCursor cursor)
    {
        Span<byte> bytes = stackalloc byte[Size];
        cursor = default;
        if (text is null || Base64Url.DecodeFromChars(text, bytes, out _, out int written) != OperationStatus.Done || written != Size)
        {
            return false;
        }

        cursor = new TaskCursor(BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[sizeof(long)..]));
        return true;
    }

    /// <summary>Letters, digits, <c>-</c> and <c>_</c>.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteInt64BigEndian(bytes, SubmittedAtMs);
        BinaryPrimitives.WriteInt64BigEndian(bytes[sizeof(long)..], Sequence);
        return Base64Url.EncodeToString(bytes);
    }
}
