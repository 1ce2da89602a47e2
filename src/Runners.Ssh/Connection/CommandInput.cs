namespace Executor.Runners.Ssh.Connection;

/// <summary>
/// A command's standard input. Each write goes out as a whole, between others; after one has failed, none is tried: half a message
/// must not be followed by another one.
/// </summary>
internal sealed class CommandInput(Stream channel) : Stream
{
    private readonly Lock _lock = new();
    private bool _closed;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_lock)
        {
            WriteLocked(buffer);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public void TryWrite(ReadOnlySpan<byte> buffer)
    {
        if (!_lock.TryEnter())
        {
            return;
        }

        try
        {
            WriteLocked(buffer);
        }
        catch (IOException)
        {
            // Whoever reads from the command meets its end.
        }
        finally
        {
            _lock.Exit();
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        // Not under the lock: a write that waits for the host must not keep the end from it.
        if (disposing && !Interlocked.Exchange(ref _closed, true))
        {
            CloseChannel();
        }

        base.Dispose(disposing);
    }

    private void WriteLocked(ReadOnlySpan<byte> buffer)
    {
        if (Volatile.Read(ref _closed))
        {
            throw new IOException("The command's input is closed.");
        }

        try
        {
            channel.Write(buffer);
        }
        catch (Exception failed) when (SshFault.IsOfConnection(failed))
        {
            Close();
            throw new IOException(failed.Message, failed);
        }
    }

    private void CloseChannel()
    {
        try
        {
            channel.Dispose();
        }
        catch (Exception failed) when (SshFault.IsOfConnection(failed))
        {
            // The channel is closed, and with it its input.
        }
    }
}
