using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Executor.Executors;
using Executor.Runners.Ssh.Options;

namespace Executor.Runners.Ssh.KnownHosts;

/// <summary>Whether a host is the one it was before, by its key.</summary>
internal sealed class HostKeyCheck
{
    private readonly SshCodeExecutorOptions _options;
    private readonly string _name;
    private readonly string _file;
    private readonly IReadOnlyList<KnownHost> _known;

    /// <param name="options">The host.</param>
    /// <exception cref="IOException">known_hosts can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">known_hosts may not be read.</exception>
    public HostKeyCheck(SshCodeExecutorOptions options)
    {
        _options = options;
        _name = KnownHost.NameOf(options.Host, options.Port);
        _file = options.KnownHostsFile ?? KnownHostsFile.Default;
        _known = options.KnownHosts == KnownHostsPolicy.Off ? []
            : options.KnownHostsFile is null ? [.. KnownHostsFile.Find(_file, _name), .. KnownHostsFile.Find(KnownHostsFile.Machine, _name)]
            : KnownHostsFile.Find(_file, _name);
    }

    /// <summary>Types of the keys that are known, which the host is asked for first: else it might show another, unknown one.</summary>
    public IReadOnlySet<string> KnownTypes => _known.Where(known => !known.IsRevoked).Select(known => known.KeyType).ToHashSet();

    /// <summary>Why the host is refused; null while it is not.</summary>
    public string? Refusal { get; private set; }

    /// <summary>What could not be done about a key that was accepted; null when all could.</summary>
    public string? Warning { get; private set; }

    /// <summary>Decides about the key that the host shows; a new one is written down where that is the policy.</summary>
    public bool Accepts(byte[] key)
    {
        if (_options.KnownHosts == KnownHostsPolicy.Off)
        {
            return true;
        }

        KnownHost? same = _known.FirstOrDefault(known => known.Key.AsSpan().SequenceEqual(key));
        if (same is { IsRevoked: false } && !_known.Any(known => known.IsRevoked && known.Key.AsSpan().SequenceEqual(key)))
        {
            return true;
        }

        string type = TypeOf(key);
        Refusal = same is not null ? $"its key is revoked in {same.Place}"
            : _known.FirstOrDefault(known => !known.IsRevoked) is { } other ? Changed(other, type, key)
            : _options.KnownHosts == KnownHostsPolicy.Strict
                ? $"its key ({type}, {Fingerprint(key)}) is not in {_file}, and {Setting("known_hosts")} is strict. If this is the right host, add its key: "
                    + $"ssh-keyscan -p {_options.Port} {_options.Host} >> {_file}"
                : null;
        if (Refusal is null)
        {
            Remember(type, key);
        }

        return Refusal is null;
    }

    private string Changed(KnownHost known, string type, byte[] key) =>
        $"its key has changed: it shows {type} {Fingerprint(key)}, but {known.Place}, has {known.KeyType} {Fingerprint(known.Key)}. "
        + "Somebody may be listening in, or the host was installed anew. If the new key is right, remove that line "
        + $"(ssh-keygen -R '{_name}' -f {known.File})";

    private void Remember(string type, byte[] key)
    {
        try
        {
            KnownHostsFile.Add(_file, KnownHost.Format(_name, type, key));
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            Warning = $"the key of {_options.Host} could not be written to {_file} ({failed.Message}): the next start will accept any key. Check {Setting("known_hosts_file")}";
        }
    }

    private string Setting(string name) => $"code_executors.ssh.{_options.Name}.{name}";

    private static string Fingerprint(byte[] key) => $"SHA256:{Convert.ToBase64String(SHA256.HashData(key)).TrimEnd('=')}";

    /// <summary>A key begins with its type, behind the type's length.</summary>
    private static string TypeOf(byte[] key) =>
        key.Length > 4 && BinaryPrimitives.ReadInt32BigEndian(key) is > 0 and < 100 and int length && length + 4 <= key.Length
            ? Encoding.ASCII.GetString(key, 4, length)
            : "unknown";
}
