using System.Net.Security;
using Executor.Configuration;
using Orleans.Connections.Security;

namespace Executor.Client.Security;

/// <summary>The TLS that silos and programs of a cluster speak with each other: both sides show a certificate of the cluster's CA.</summary>
public sealed class ClusterTls
{
    private readonly ClusterCertificates _certificates;
    private readonly PeerCheck _check;

    private ClusterTls(ClusterCertificates certificates, PeerCheck check) => (_certificates, _check) = (certificates, check);

    /// <summary>Reads the certificates.</summary>
    /// <param name="options">The files.</param>
    /// <param name="refused">Told why a peer was refused, once for each certificate.</param>
    /// <exception cref="ConfigurationException">A file can't be read or does not hold what it should; the key says which.</exception>
    public static ClusterTls Load(ClusterTlsOptions options, Action<string> refused) => new(ClusterCertificates.Load(options), new PeerCheck(refused));

    /// <summary>Tells Orleans, for a silo or a client.</summary>
    public void Apply(TlsOptions tls)
    {
        tls.LocalCertificate = _certificates.Own;
        tls.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.RemoteCertificateValidation = _check.IsTrusted;
        tls.OnAuthenticateAsServer = (_, server) =>
        {
            var ssl = (SslServerAuthenticationOptions)server.SslServerAuthenticationOptions;
            ssl.CertificateChainPolicy = _certificates.CreatePolicy();
            ssl.ServerCertificateSelectionCallback = null;
            ssl.ServerCertificateContext = _certificates.Context;
        };
        tls.OnAuthenticateAsClient = (_, client) => Apply((SslClientAuthenticationOptions)client.SslClientAuthenticationOptions);
    }

    /// <summary>For a connection to a silo that Orleans does not make.</summary>
    public SslClientAuthenticationOptions ClientOptions()
    {
        SslClientAuthenticationOptions ssl = new()
        {
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                certificate is System.Security.Cryptography.X509Certificates.X509Certificate2 own && _check.IsTrusted(own, chain, errors),
        };
        Apply(ssl);
        return ssl;
    }

    private void Apply(SslClientAuthenticationOptions ssl)
    {
        ssl.CertificateChainPolicy = _certificates.CreatePolicy();
        ssl.ClientCertificates = null;
        ssl.ClientCertificateContext = _certificates.Context;
    }
}
