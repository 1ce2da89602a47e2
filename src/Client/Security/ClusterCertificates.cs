using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Executor.Configuration;

namespace Executor.Client.Security;

/// <summary>What <c>cluster.tls</c> names, read and looked through: faults are told by key at the start, not by connections that break later.</summary>
internal sealed class ClusterCertificates
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    private ClusterCertificates(X509Certificate2 own, SslStreamCertificateContext context, X509Certificate2Collection authorities) =>
        (Own, Context, Authorities) = (own, context, authorities);

    /// <summary>The certificate that is shown, with its key.</summary>
    public X509Certificate2 Own { get; }

    /// <summary>The same with the intermediate certificates that are shown with it.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <summary>The CAs that let a peer in.</summary>
    public X509Certificate2Collection Authorities { get; }

    /// <summary>Reads the files.</summary>
    /// <exception cref="ConfigurationException">One can't be read, does not hold what it should, or they don't belong together.</exception>
    public static ClusterCertificates Load(ClusterTlsOptions options)
    {
        X509Certificate2Collection chain = ReadCertificates("certificate", options.Certificate);
        X509Certificate2Collection authorities = ReadCertificates("ca", options.Ca);
        X509Certificate2 own = WithKey(chain[0], options);
        chain.RemoveAt(0);
        Check(own, chain, authorities, options);
        return new ClusterCertificates(own, SslStreamCertificateContext.Create(own, chain, offline: true), authorities);
    }

    /// <summary>By which rules a peer's certificate is trusted: those CAs, no others. A new one for each connection.</summary>
    public X509ChainPolicy CreatePolicy()
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(Authorities);
        return policy;
    }

    private static X509Certificate2Collection ReadCertificates(string key, string path)
    {
        string pem = ReadFile(key, path);
        X509Certificate2Collection found = [];
        try
        {
            found.ImportFromPem(pem);
        }
        catch (CryptographicException broken)
        {
            throw Fault(key, $"\"{path}\" holds a certificate that can't be read: {broken.Message}");
        }

        return found.Count > 0 ? found : throw Fault(key, $"\"{path}\" holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)");
    }

    private static X509Certificate2 WithKey(X509Certificate2 certificate, ClusterTlsOptions options)
    {
        string pem = ReadFile("key", options.Key);
        try
        {
            using var own = X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), pem);
            // Windows' TLS takes only keys that it has imported itself.
            return X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception broken) when (broken is CryptographicException or ArgumentException)
        {
            throw Fault("key", pem.Contains("ENCRYPTED", StringComparison.Ordinal)
                ? $"\"{options.Key}\" is encrypted; give the key without a password, in a file that only this user may read"
                : $"\"{options.Key}\" holds no private key in PEM form (-----BEGIN PRIVATE KEY-----) that belongs to the first certificate of \"{options.Certificate}\"");
        }
    }

    private static void Check(X509Certificate2 own, X509Certificate2Collection chain, X509Certificate2Collection authorities, ClusterTlsOptions options)
    {
        const string key = "certificate";
        if (own.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault() is { } uses
            && !(uses.EnhancedKeyUsages[ServerUse] is not null && uses.EnhancedKeyUsages[ClientUse] is not null))
        {
            throw Fault(key, $"\"{options.Certificate}\" must allow TLS to servers and to clients (extended key usage serverAuth and clientAuth, or none at all): every node is both");
        }

        using X509Chain verified = new();
        verified.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        verified.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        verified.ChainPolicy.DisableCertificateDownloads = true;
        verified.ChainPolicy.CustomTrustStore.AddRange(authorities);
        verified.ChainPolicy.ExtraStore.AddRange(chain);
        if (!verified.Build(own))
        {
            throw Fault(key, $"\"{options.Certificate}\" ({own.Subject}) {PeerCheck.Explain(verified)}: the other nodes would refuse it");
        }
    }

    private static string ReadFile(string key, string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Fault(key, $"can't read \"{path}\": {(Directory.Exists(path) ? "it is a folder" : unreadable.Message)}");
        }
    }

    private static ConfigurationException Fault(string key, string message) =>
        new([new ConfigurationFault($"cluster.tls.{key}", null, $"cluster.tls.{key}", message)]);
}
