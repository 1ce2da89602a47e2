using Executor.Executors;
using Executor.Tasks;
using Executor.Text;

namespace Executor.Runners.Ssh.Options;

/// <summary>A host reached over SSH: an entry of <c>code_executors.ssh</c>. At least one of password and private key is set.</summary>
public sealed record SshCodeExecutorOptions : CodeExecutorOptions
{
    /// <inheritdoc/>
    public override RunnerKind Kind => RunnerKind.Ssh;

    /// <summary>Name or address of the host.</summary>
    public required string Host { get; init; }

    /// <summary>Its SSH port. Range 1 to 65,535. Default 22.</summary>
    public int Port { get; init; } = 22;

    /// <summary>The user to log in as.</summary>
    public required string Username { get; init; }

    /// <summary>The user's password; null: not used.</summary>
    public Secret? Password { get; init; }

    /// <summary>Path of the private key's file; <c>~/</c> is the home folder. Null: not used.</summary>
    public string? PrivateKey { get; init; }

    /// <summary>What the private key is encrypted with; null: it is not.</summary>
    public Secret? Passphrase { get; init; }

    /// <summary>How the host's key is checked; <c>known_hosts</c> in the file. Default <see cref="KnownHostsPolicy.AcceptNew"/>.</summary>
    public KnownHostsPolicy KnownHosts { get; init; }

    /// <summary>Path of the known_hosts file; null: <c>~/.ssh/known_hosts</c>.</summary>
    public string? KnownHostsFile { get; init; }

    /// <summary>Remote folder in which tasks' working directories are made; null: the host's temporary folder.</summary>
    public string? WorkDir { get; init; }

    /// <summary>Tasks at once over the one connection. Range 1 to 1,000. Default 8: a stock sshd allows 10 channels a connection.</summary>
    public int MaxTasks { get; init; } = 8;

    /// <inheritdoc/>
    public override StoredCodeExecutor Stored => new("ssh", [("host", Host), ("port", Port), ("username", Username)]);
}

/// <summary>How a host's key is checked against known_hosts.</summary>
public enum KnownHostsPolicy
{
    /// <summary>An unknown host's key is written down and trusted from then on; a changed key is refused. <c>accept-new</c>.</summary>
    AcceptNew,

    /// <summary>Only keys that are in known_hosts are accepted. <c>strict</c>.</summary>
    Strict,

    /// <summary>Any key is accepted. <c>off</c>.</summary>
    Off,
}
