using System.Net.Security;
using Executor.Configuration;
using Orleans.Connections.Security;

namespace Executor.Client.Security;

/// <summary>The TLS that nodes and programs of a cluster speak, as Orleans is to be told.</summary>
public static class ClusterTls
{
    /// <summary>Reads the certificates and gives back what to call on a silo's or a client's TLS options.</summary>
    /// <param name="options">The files.</param>
    /// <param name="refused">Told why a peer was refused, once for each certificate.</param>
    /// <exception cref="ConfigurationException">A file can't be read or does not hold what it should; the key says which.</exception>
    public static Action<TlsOptions> Load(ClusterTlsOptions options, Action<string> refused)
    {
        var certificates = ClusterCertificates.Load(options);
        PeerCheck check = new(refused);
        return tls =>
        {
            tls.LocalCertificate = certificates.Own;
            tls.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
            tls.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
            tls.RemoteCertificateValidation = check.IsTrusted;
            tls.OnAuthenticateAsServer = (_, server) =>
            {
                var ssl = (SslServerAuthenticationOptions)server.SslServerAuthenticationOptions;
                ssl.CertificateChainPolicy = certificates.CreatePolicy();
                ssl.ServerCertificateSelectionCallback = null;
                ssl.ServerCertificateContext = certificates.Context;
            };
            tls.OnAuthenticateAsClient = (_, client) =>
            {
                var ssl = (SslClientAuthenticationOptions)client.SslClientAuthenticationOptions;
                ssl.CertificateChainPolicy = certificates.CreatePolicy();
                ssl.ClientCertificates = null;
                ssl.ClientCertificateContext = certificates.Context;
            };
        };
    }
}
