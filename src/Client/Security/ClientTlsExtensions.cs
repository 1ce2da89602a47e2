using Executor.Configuration;
using Orleans.Hosting;

namespace Executor.Client.Security;

/// <summary>TLS for programs that use a cluster.</summary>
public static class ClientTlsExtensions
{
    /// <summary>Speaks to a cluster whose silos have <c>cluster.tls</c>.</summary>
    /// <param name="builder">The Orleans client.</param>
    /// <param name="options">This program's certificate and key, and the cluster's CA.</param>
    /// <param name="refused">Told why a silo was refused, once for each certificate; null: nobody is.</param>
    /// <exception cref="ConfigurationException">A file can't be read or does not hold what it should.</exception>
    public static IClientBuilder UseExecutorTls(this IClientBuilder builder, ClusterTlsOptions options, Action<string>? refused = null) =>
        builder.UseTls(ClusterTls.Load(options, refused ?? (_ => { })).Apply);
}
