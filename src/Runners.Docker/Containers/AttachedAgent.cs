using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Docker.DotNet;
using Executor.Runners.Agent;

namespace Executor.Runners.Docker.Containers;

/// <summary>An agent as the only program of a container, spoken to over what the engine attached.</summary>
internal sealed class AttachedAgent : AgentTransport
{
    private const int DiagnosticsLimit = 4096;
    private readonly MultiplexedStream _attached;
    private readonly Action _discard;
    private readonly CancellationTokenSource _ended = new();
    private readonly StringBuilder _diagnostics = new();

    /// <param name="attached">Its three streams; owned from here on.</param>
    /// <param name="discard">Ends the container and has it removed.</param>
    public AttachedAgent(MultiplexedStream attached, Action discard)
    {
        _attached = attached;
        _discard = discard;
        Input = new InputStream(this);
        Output = new OutputStream(this);
    }

    public override Stream Input { get; }

    public override Stream Output { get; }

    /// <summary>Sends the agent itself, which the bootstrap waits for.</summary>
    public async Task SendSourceAsync(byte[] source, CancellationToken cancellationToken)
    {
        byte[] message = new byte[4 + source.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, source.Length);
        source.CopyTo(message, 4);
        await _attached.WriteAsync(message, 0, message.Length, cancellationToken);
    }

    public override string ReadDiagnostics()
    {
        Kill();
        return _diagnostics.ToString();
    }

    public override void Kill()
    {
        _discard();
        _ended.Cancel();
    }

    public override ValueTask DisposeAsync()
    {
        Kill();
        _attached.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A part of the connection. All its failures are an <see cref="IOException"/>: the agent is gone.</summary>
    private abstract class Side : Stream
    {
        public override bool CanRead => false;

        public override bool CanWrite => false;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }

    private sealed class InputStream(AttachedAgent agent) : Side
    {
        public override bool CanWrite => true;

        public override void Write(byte[] buffer, int offset, int count)
        {
            try
            {
                agent._attached.WriteAsync(buffer, offset, count, agent._ended.Token).GetAwaiter().GetResult();
            }
            catch (Exception gone) when (gone is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                throw new IOException(gone.Message, gone);
            }
        }
    }

    private sealed class OutputStream(AttachedAgent agent) : Side
    {
        public override bool CanRead => true;

        public override int Read(byte[] buffer, int offset, int count)
        {
            try
            {
                while (true)
                {
                    MultiplexedStream.ReadResult read = agent._attached.ReadOutputAsync(buffer, offset, count, agent._ended.Token).GetAwaiter().GetResult();
                    if (read.EOF || read.Target == MultiplexedStream.TargetStream.StandardOut)
                    {
                        return read.Count;
                    }

                    string text = Encoding.UTF8.GetString(buffer, offset, read.Count);
                    agent._diagnostics.Append(text.AsSpan(0, int.Min(text.Length, DiagnosticsLimit - agent._diagnostics.Length)));
                }
            }
            catch (Exception gone) when (gone is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                throw new IOException(gone.Message, gone);
            }
        }
    }
}
