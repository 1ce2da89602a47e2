using System.Text;
using System.Threading.Channels;

namespace Executor.Runners.ContractTests;

/// <summary>An input that says its next line each time the other side has prompted for one.</summary>
internal sealed class TalkStream : Stream
{
    private readonly Channel<byte[]> _said = Channel.CreateUnbounded<byte[]>();
    private readonly Queue<string> _lines = new();
    private readonly StringBuilder _heard = new();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public TalkStream Saying(params string[] lines)
    {
        foreach (string line in lines)
        {
            _lines.Enqueue(line);
        }

        return this;
    }

    public void Heard(string text, Func<string, bool> isPrompt)
    {
        _heard.Append(text);
        if (isPrompt(_heard.ToString()) && _lines.TryDequeue(out string? line))
        {
            _said.Writer.TryWrite(Encoding.UTF8.GetBytes(line));
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        byte[] line = await _said.Reader.ReadAsync(cancellationToken);
        line.CopyTo(buffer);
        return line.Length;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
