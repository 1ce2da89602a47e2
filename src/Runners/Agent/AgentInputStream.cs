namespace Executor.Runners.Agent;

/// <summary>A process's standard input across the agent: writes wait while more than a window is on its way.</summary>
internal sealed class AgentInputStream(AgentConnection agent, int process) : Stream
{
    private const int Window = 1 << 18;
    private readonly SemaphoreSlim _room = new(0);
    private int _underway;
    private volatile bool _completed;
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

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty && !_completed && !_closed)
        {
            int room = Window - Volatile.Read(ref _underway);
            if (room <= 0)
            {
                await _room.WaitAsync(cancellationToken);
                continue;
            }

            ReadOnlyMemory<byte> piece = buffer[..int.Min(buffer.Length, room)];
            Interlocked.Add(ref _underway, piece.Length);
            agent.Writer.Add("stdin", json => json.WriteNumber("process", process), piece.Span);
            agent.Flush();
            buffer = buffer[piece.Length..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>The process took this much.</summary>
    public void Taken(int bytes)
    {
        Interlocked.Add(ref _underway, -bytes);
        _room.Release();
    }

    /// <summary>The process has ended: what is still written is dropped.</summary>
    public void Complete()
    {
        _completed = true;
        _room.Release();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_closed)
        {
            _closed = true;
            if (!_completed)
            {
                agent.Writer.Add("stdin", json =>
                {
                    json.WriteNumber("process", process);
                    json.WriteBoolean("eof", true);
                });
                agent.Flush();
            }
        }

        base.Dispose(disposing);
    }
}
