using System.Text;
using Executor.Runners.Agent;
using Executor.Runners.Ssh.Connection;
using Executor.Runners.Ssh.Remote;
using Executor.Tasks;

namespace Executor.Runners.Ssh.Agents;

/// <summary>An agent behind a channel.</summary>
internal sealed class SshAgentTransport : AgentTransport
{
    private static readonly TimeSpan TellTimeout = TimeSpan.FromMilliseconds(200);

    private const int DiagnosticsLimit = 4096;

    /// <summary>A frame without an answer: an agent that hears nothing for long knows that it is alone.</summary>
    private static readonly byte[] Ping = [0, 0, 0, 13, 0, 0, 0, 0, .. "{\"op\":\"ping\"}"u8];

    private readonly SshConnection _connection;
    private readonly RemoteCommand _command;

    private SshAgentTransport(SshConnection connection, RemoteCommand command)
    {
        (_connection, _command) = (connection, command);
        connection.Alive += TellAlive;
    }

    /// <summary>Our folder on the host.</summary>
    public string Folder => _connection.Folder.Path;

    public override Stream Input => _command.Input;

    public override Stream Output => _command.Output;

    public override bool IsOnThisMachine => false;

    public override RunnerException? Failure
    {
        get
        {
            if (_command.ExitCode is null)
            {
                // Its channel ended with the connection, perhaps, whose end is told to each channel in turn.
                _connection.Folder.Lost.Wait(TellTimeout);
            }

            return _connection.Failure;
        }
    }

    /// <summary>Starts an agent in a connection's folder.</summary>
    /// <param name="connections">The host's.</param>
    /// <param name="python">The Python that runs it.</param>
    /// <param name="env">Its environment.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="RunnerException">The host can't be used, or was lost just now.</exception>
    public static async Task<SshAgentTransport> StartAsync(
        SshConnections connections, string python, IReadOnlyDictionary<string, string> env, CancellationToken cancellationToken)
    {
        (SshConnection connection, RemoteCommand command) = await connections.StartAsync(
            connection => CommandLine(connection.Folder.Path, python, env), cancellationToken);
        return new SshAgentTransport(connection, command);
    }

    public override string ReadDiagnostics()
    {
        Kill();
        // Its errors are at their end when it is.
        _command.Ended.Wait(SshLogin.Timeout);
        if (!_command.Ended.IsCompleted)
        {
            return "";
        }

        using var reader = new StreamReader(_command.Errors, Encoding.UTF8, leaveOpen: true);
        char[] text = new char[DiagnosticsLimit];
        return new string(text, 0, reader.ReadBlock(text));
    }

    /// <summary>The end of its input is an agent's end, and that of whatever it runs.</summary>
    public override void Kill() => _command.CloseInput();

    public override async ValueTask DisposeAsync()
    {
        _connection.Alive -= TellAlive;
        await _command.DisposeAsync();
        _connection.Release();
    }

    private void TellAlive() => _command.TryWrite(Ping);

    /// <summary>The agent's start-up code has line breaks, which not every login shell takes: it is read from the folder.</summary>
    private static string CommandLine(string folder, string python, IReadOnlyDictionary<string, string> env) => "exec " + ShellWord.Join(
    [
        "sh", "-c", "exec \"$@\" -c \"$(cat \"$0/bootstrap.py\")\"", folder,
        "env", "-i", .. env.Select(variable => $"{variable.Key}={variable.Value}"), $"EXECUTOR_AGENT_DIR={folder}", "LD_BIND_NOW=1", python,
    ]);
}
