using Executor.Cli;
using Executor.Client.Security;
using Executor.Configuration;
using Microsoft.Extensions.Logging;
using Orleans.Connections.Security;
using Orleans.Hosting;
using Orleans.Runtime.MembershipService;

namespace Executor.Silo.Hosting;

/// <summary>How a silo speaks to other silos and to clients: with <c>cluster.tls</c>, or in the clear.</summary>
internal sealed class SiloTls
{
    private readonly Action<TlsOptions>? _configure;
    private readonly ClusterNodeOptions _node;
    private volatile string? _refused;

    /// <summary>Reads the certificates.</summary>
    /// <exception cref="ConfigurationException">They can't be used.</exception>
    public SiloTls(ClusterNodeOptions node, ILogger<SiloTls> log)
    {
        _node = node;
        _configure = node.Tls is not ClusterTlsOptions options ? null : ClusterTls.Load(options, why =>
        {
            _refused = why;
            log.PeerRefused(why);
        });
    }

    public void Apply(ISiloBuilder silo)
    {
        if (_configure is not null)
        {
            silo.UseTls(_configure);
        }
    }

    /// <summary>What to tell a person whose silo the others did not let in.</summary>
    public UsageException Explain(OrleansClusterConnectivityCheckFailedException failed) => new(
        $"can't join the cluster '{_node.Name}': its silos can't be reached, or don't accept this one. "
        + (_node.Tls is null ? "This silo has no cluster.tls: where the others have it, it needs it, too. "
            : _refused is string why ? $"Refused here: {why}. "
            : $"They may not accept its certificate ({_node.Tls.Certificate}), or have no cluster.tls. ")
        + $"({failed.Message})");
}
