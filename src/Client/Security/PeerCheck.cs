using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Executor.Client.Security;

/// <summary>Decides whether a peer's certificate lets it in, and says why not.</summary>
/// <param name="refused">Told of each refusal once, in words.</param>
internal sealed class PeerCheck(Action<string> refused)
{
    private const int MaxKnown = 1_000;

    private readonly ConcurrentDictionary<string, bool> _known = [];

    /// <summary>
    /// Whether to let it in. Its name is not looked at: nodes are known by addresses that come and go, and what counts is that the
    /// cluster's own CA has signed.
    /// </summary>
    public bool IsTrusted(X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        SslPolicyErrors serious = errors & ~SslPolicyErrors.RemoteCertificateNameMismatch;
        if (serious == SslPolicyErrors.None)
        {
            return true;
        }

        // Peers try again and again.
        if (_known.Count < MaxKnown && _known.TryAdd(certificate.Thumbprint, true))
        {
            refused($"the certificate {certificate.Subject} of another silo or client {(chain is null ? "can't be checked" : Explain(chain))}");
        }

        return false;
    }

    /// <summary>Why a chain is not trusted, to follow the certificate's name.</summary>
    public static string Explain(X509Chain chain)
    {
        X509ChainStatusFlags all = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (flags, status) => flags | status.Status);
        return all switch
        {
            _ when all.HasFlag(X509ChainStatusFlags.NotTimeValid) => $"is valid from {Time(chain, own => own.NotBefore)} to {Time(chain, own => own.NotAfter)} only",
            _ when (all & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0 => "is not signed by a CA of cluster.tls.ca",
            _ when all.HasFlag(X509ChainStatusFlags.NotValidForUsage) => "is not for this use of TLS (extended key usage)",
            _ => $"is not valid: {string.Join("; ", chain.ChainStatus.Select(status => status.StatusInformation.Trim()))}",
        };
    }

    private static string Time(X509Chain chain, Func<X509Certificate2, DateTime> time) =>
        time(chain.ChainElements[0].Certificate).ToUniversalTime().ToString("u", System.Globalization.CultureInfo.InvariantCulture);
}
