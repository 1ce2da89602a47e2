using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Executor.Silo;

/// <summary>A CA of a test's own, and what it has signed, as PEM files.</summary>
internal sealed class TestAuthority
{
    private readonly X509Certificate2 _own;
    private readonly string _folder;

    /// <param name="folder">Where the files are put.</param>
    /// <param name="name">Its name, and the beginning of the files' names.</param>
    public TestAuthority(string folder, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        _own = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        _folder = folder;
        File = Write($"{name}.pem", _own.ExportCertificatePem());
    }

    /// <summary>The file of its certificate.</summary>
    public string File { get; }

    /// <summary>Signs a certificate.</summary>
    /// <param name="name">Whose; the files are <c>NAME.crt</c> and <c>NAME.key</c>.</param>
    /// <param name="until">When it ends, from now.</param>
    /// <param name="uses">What for; none: everything.</param>
    /// <returns>The files.</returns>
    public (string Certificate, string Key) Sign(string name, TimeSpan? until = null, params string[] uses)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        if (uses.Length > 0)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. uses.Select(use => new Oid(use))], critical: false));
        }

        using X509Certificate2 signed = request.Create(
            _own, DateTimeOffset.UtcNow.AddMinutes(-30), DateTimeOffset.UtcNow + (until ?? TimeSpan.FromHours(1)), RandomNumberGenerator.GetBytes(8));
        return (Write($"{name}.crt", signed.ExportCertificatePem()), Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()));
    }

    /// <summary>The section of a configuration for somebody it has signed a certificate for.</summary>
    public string Section(string name)
    {
        (string certificate, string key) = Sign(name);
        return $"cluster: {{tls: {{certificate: '{certificate}', key: '{key}', ca: '{File}'}}}}\n";
    }

    private string Write(string name, string pem)
    {
        string path = Path.Combine(_folder, name);
        System.IO.File.WriteAllText(path, pem);
        return path;
    }
}
