using System.Net.Sockets;
using Executor.Executors;
using Executor.Runners.Ssh.Options;
using Executor.Tasks;
using Renci.SshNet.Common;

namespace Executor.Runners.Ssh.Connection;

/// <summary>What goes wrong between us and a host, in words that name the setting to look at.</summary>
internal static class SshFault
{
    /// <summary>What a failed attempt to connect means. Who is refused once is refused again: only the other failures are worth a new attempt soon.</summary>
    /// <param name="options">The host.</param>
    /// <param name="failed">What was thrown.</param>
    /// <param name="introduced">Whether it had said that it is an SSH server.</param>
    public static (RunnerException Exception, bool IsRefusal) OfConnect(SshCodeExecutorOptions options, Exception failed, bool introduced)
    {
        (string problem, bool isRefusal) = failed switch
        {
            SshAuthenticationException => (Authentication(options, failed), true),
            SshOperationTimeoutException or TimeoutException => ($"no answer came in time. Check {Setting(options, "host")} and {Setting(options, "port")}, and the network between", false),
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } => ($"nothing listens there. Check that sshd runs, {Setting(options, "host")} and {Setting(options, "port")}", false),
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } => ($"the name can't be resolved. Check {Setting(options, "host")}", false),
            SocketException => ($"{failed.Message}. Check {Setting(options, "host")} and {Setting(options, "port")}", false),
            SshConnectionException when !introduced =>
                ($"what answers there is not an SSH server, or sends us away at once. Check {Setting(options, "port")}", false),
            _ => (FirstLine(failed.Message), false),
        };
        return (Create(options, problem, failed), isRefusal);
    }

    /// <summary>A failure of a host, told with its name and address.</summary>
    public static RunnerException Create(SshCodeExecutorOptions options, string problem, Exception? inner = null) =>
        new(TaskErrorTypes.SshUnavailable, $"{Subject(options)} can't be used: {problem.TrimEnd('.')}.", inner);

    /// <summary>A connection that was there and is no more.</summary>
    public static RunnerException Lost(SshCodeExecutorOptions options, string how) =>
        new(TaskErrorTypes.AgentLost, $"The connection to {Subject(options)} was lost: {FirstLine(how).TrimEnd('.')}.");

    /// <summary>Where in the configuration a setting is.</summary>
    public static string Setting(SshCodeExecutorOptions options, string name) => $"code_executors.ssh.{options.Name}.{name}";

    /// <summary>Whether an exception is SSH.NET's way to say that a connection or a channel is no more.</summary>
    public static bool IsOfConnection(Exception failed) =>
        failed is SshException or SocketException or ObjectDisposedException or InvalidOperationException or IOException;

    private static string Subject(SshCodeExecutorOptions options) => $"SSH host '{options.Name}' ({options.Username}@{options.Host}:{options.Port})";

    private static string Authentication(SshCodeExecutorOptions options, Exception failed)
    {
        (string tried, string settings) = (options.Password, options.PrivateKey) switch
        {
            (not null, not null) => ("the private key and the password were", $"{Setting(options, "username")}, .private_key and .password"),
            (not null, null) => ("the password was", $"{Setting(options, "username")} and .password"),
            _ => ("the private key was", $"{Setting(options, "username")} and .private_key, and that its public half is in the user's authorized_keys"),
        };
        // "No suitable authentication method found to complete authentication (publickey)": what the server allows.
        int open = failed.Message.LastIndexOf('(');
        string allowed = failed.Message.StartsWith("No suitable", StringComparison.Ordinal) && open > 0
            ? $" (it allows: {failed.Message[(open + 1)..].TrimEnd('.', ')')})"
            : "";
        return $"{tried} not accepted for the user '{options.Username}'{allowed}. Check {settings}";
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();
}
