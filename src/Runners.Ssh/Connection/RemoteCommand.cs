using Renci.SshNet;

namespace Executor.Runners.Ssh.Connection;

/// <summary>A command on the host: a channel, its three streams and its end.</summary>
internal sealed class RemoteCommand : IAsyncDisposable
{
    /// <summary>For a command to end once its input has, before it is killed; and then for the server to say so.</summary>
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(5);

    private readonly SshCommand _command;
    private readonly CommandInput _input;

    private RemoteCommand(SshCommand command, Task running)
    {
        _command = command;
        _input = new CommandInput(command.CreateInputStream());
        Ended = ObserveAsync(running);
    }

    public Stream Input => _input;

    /// <summary>Never makes the connection wait: what isn't read is kept. Who asks for output says how much it may be.</summary>
    public Stream Output => _command.OutputStream;

    public Stream Errors => _command.ExtendedOutputStream;

    /// <summary>Completes when the channel is closed, in whatever way; its streams are then at their end.</summary>
    public Task Ended { get; }

    /// <summary>Its exit code, once it has ended; null when it was ended by a signal or with its connection.</summary>
    public int? ExitCode => _command.ExitStatus;

    /// <summary>Starts it. Two round trips, for which the thread is held: SSH.NET knows no other way.</summary>
    /// <exception cref="Exception"><see cref="SshFault.IsOfConnection"/>: the server gives no further channel, or the connection is lost.</exception>
    public static RemoteCommand Start(SshClient client, string commandLine)
    {
        SshCommand command = client.CreateCommand(commandLine);
        try
        {
            return new RemoteCommand(command, command.ExecuteAsync());
        }
        catch
        {
            command.Dispose();
            throw;
        }
    }

    /// <summary>Ends its input, by which our commands end.</summary>
    public void CloseInput() => _input.Close();

    /// <summary>Writes unless somebody else is at it just now, or it has ended.</summary>
    public void TryWrite(ReadOnlySpan<byte> data) => _input.TryWrite(data);

    /// <summary>Lets go of it: its connection was closed by us, which SSH.NET doesn't tell its channels.</summary>
    public void Abandon() => _command.Dispose();

    /// <summary>Ends it: politely, and if that is of no use by force.</summary>
    public async ValueTask DisposeAsync()
    {
        CloseInput();
        if (!await EndsAsync())
        {
            await Task.Run(Kill);
        }

        _command.Dispose();
    }

    private void Kill()
    {
        try
        {
            _command.CancelAsync(forceKill: true);
        }
        catch (Exception failed) when (SshFault.IsOfConnection(failed))
        {
            // The connection is lost; what runs there ends by itself.
        }
    }

    private async Task<bool> EndsAsync()
    {
        try
        {
            await Ended.WaitAsync(EndTimeout);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static async Task ObserveAsync(Task running)
    {
        try
        {
            await running;
        }
        catch (Exception failed) when (SshFault.IsOfConnection(failed) || failed is OperationCanceledException)
        {
            // Lost with its connection, which tells why.
        }
    }
}
