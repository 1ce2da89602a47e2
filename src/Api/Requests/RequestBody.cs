using System.Buffers;

namespace Executor.Api.Requests;

/// <summary>A body that has been read as a whole. It gives its memory back when it is disposed.</summary>
internal sealed class RequestBody(BodyBudget budget) : IDisposable
{
    // Small bodies are free, so that large ones that come slowly can't keep them out.
    private const int FreeBytes = 16 * 1024;

    private byte[] _buffer = [];
    private int _length;
    private long _taken;

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>The bytes as a stream, which must not outlive the body.</summary>
    public MemoryStream ToStream() => new(_buffer, 0, _length, writable: false);

    /// <summary>Where the next bytes go; empty: there is no memory for them.</summary>
    public Memory<byte> Room(int mostInAll)
    {
        if (_length == _buffer.Length && !TryGrow((int)long.Min(long.Max(2L * _length, FreeBytes / 4), mostInAll)))
        {
            return default;
        }

        return _buffer.AsMemory(_length);
    }

    public void Advance(int count) => _length += count;

    public void Dispose()
    {
        Release();
        budget.Return(_taken);
        (_buffer, _length, _taken) = ([], 0, 0);
    }

    private bool TryGrow(int size)
    {
        long needed = size <= FreeBytes ? 0 : size - _taken;
        if (needed > 0 && !budget.TryTake(needed))
        {
            return false;
        }

        _taken += needed;
        byte[] larger = ArrayPool<byte>.Shared.Rent(size);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        Release();
        _buffer = larger;
        return true;
    }

    private void Release()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }
}
