using System.Text;
using Executor.Hosting;
using Executor.Tasks;

namespace Executor.Cli.Running;

/// <summary>Passes a program's output on to ours as it comes, byte for byte.</summary>
/// <param name="interruption">Told when our output can't be written: then the program has nobody to talk to.</param>
internal sealed class LiveOutput(Interruption interruption)
{
    private byte _lastOfStdout = (byte)'\n';

    /// <summary>Why our output could not be written; null while it can.</summary>
    public IOException? Failure { get; private set; }

    /// <summary>The <see cref="OutputReceiver"/>.</summary>
    public ValueTask ReceiveAsync(OutputStream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        Write(stream == OutputStream.Stdout ? OutputChannel.Stdout : OutputChannel.Stderr, data.Span);
        return ValueTask.CompletedTask;
    }

    /// <summary>Writes the output that a result holds.</summary>
    public void Write(TaskResult result)
    {
        Write(OutputChannel.Stdout, Encoding.UTF8.GetBytes(result.Stdout));
        Write(OutputChannel.Stderr, Encoding.UTF8.GetBytes(result.Stderr));
    }

    /// <summary>Writes a whole line of our own to standard output, after what the program may have left as half of one.</summary>
    public void WriteLine(ReadOnlySpan<byte> line) =>
        Write(OutputChannel.Stdout, [.. _lastOfStdout == '\n' ? ""u8 : "\n"u8, .. line]);

    private void Write(OutputChannel channel, ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty || Failure is not null)
        {
            return;
        }

        try
        {
            channel.Write(data);
            _lastOfStdout = channel == OutputChannel.Stdout ? data[^1] : _lastOfStdout;
        }
        catch (IOException exception)
        {
            Failure = exception;
            interruption.Cancel(exception is BrokenPipeException ? ExitCodes.BrokenPipe : ExitCodes.OwnFailure);
        }
    }
}
