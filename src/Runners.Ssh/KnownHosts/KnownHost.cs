using System.Security.Cryptography;
using System.Text;

namespace Executor.Runners.Ssh.KnownHosts;

/// <summary>A line of a known_hosts file: whose key it is, in OpenSSH's format.</summary>
/// <param name="File">The file's path.</param>
/// <param name="Line">The line's number, from 1.</param>
/// <param name="Marker"><c>@revoked</c>, <c>@cert-authority</c> or empty.</param>
/// <param name="Hosts">Patterns of names, or one hashed name.</param>
/// <param name="KeyType">The key's type (<c>ssh-ed25519</c>).</param>
/// <param name="Key">The key.</param>
internal sealed record KnownHost(string File, int Line, string Marker, string Hosts, string KeyType, byte[] Key)
{
    private const string HashedPrefix = "|1|";

    /// <summary>Whether the key must never be accepted.</summary>
    public bool IsRevoked => Marker == "@revoked";

    /// <summary>Where it is, for a message.</summary>
    public string Place => $"{File}, line {Line}";

    /// <summary>Reads a line; null when it holds no key that can be used (empty, a comment, malformed: OpenSSH passes over those, too).</summary>
    public static KnownHost? Parse(string file, int number, string line)
    {
        string[] parts = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || parts[0].StartsWith('#'))
        {
            return null;
        }

        string marker = parts[0].StartsWith('@') ? parts[0] : "";
        int first = marker.Length == 0 ? 0 : 1;
        if (parts.Length < first + 3)
        {
            return null;
        }

        byte[] key = new byte[parts[first + 2].Length];
        return Convert.TryFromBase64String(parts[first + 2], key, out int length)
            ? new KnownHost(file, number, marker, parts[first], parts[first + 1], key[..length])
            : null;
    }

    /// <summary>Whether it is about this host.</summary>
    /// <param name="name">What <see cref="NameOf"/> gives.</param>
    public bool IsOf(string name)
    {
        if (Hosts.StartsWith(HashedPrefix, StringComparison.Ordinal))
        {
            return IsHashOf(name);
        }

        bool matches = false;
        foreach (string pattern in Hosts.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            bool negated = pattern.StartsWith('!');
            if (IsLike(name, pattern.AsSpan(negated ? 1 : 0)))
            {
                if (negated)
                {
                    return false;
                }

                matches = true;
            }
        }

        return matches;
    }

    /// <summary>A host as known_hosts names it: the port is part of the name unless it is 22.</summary>
    public static string NameOf(string host, int port)
    {
        string name = host.ToLowerInvariant();
        return port == 22 ? name : $"[{name}]:{port}";
    }

    /// <summary>The line for a key.</summary>
    public static string Format(string name, string keyType, ReadOnlySpan<byte> key) => $"{name} {keyType} {Convert.ToBase64String(key)}";

    /// <summary>OpenSSH hides names as <c>|1|salt|HMAC-SHA1(salt, name)</c>.</summary>
    private bool IsHashOf(string name)
    {
        string[] parts = Hosts[HashedPrefix.Length..].Split('|');
        byte[] salt = new byte[64];
        byte[] hash = new byte[64];
        if (parts.Length != 2 || !Convert.TryFromBase64String(parts[0], salt, out int saltLength) || !Convert.TryFromBase64String(parts[1], hash, out int hashLength))
        {
            return false;
        }

#pragma warning disable CA5350 // The file's format says SHA-1; it hides names and proves nothing.
        byte[] expected = HMACSHA1.HashData(salt.AsSpan(0, saltLength), Encoding.UTF8.GetBytes(name));
#pragma warning restore CA5350
        return CryptographicOperations.FixedTimeEquals(expected, hash.AsSpan(0, hashLength));
    }

    private static bool IsLike(ReadOnlySpan<char> name, ReadOnlySpan<char> pattern)
    {
        while (!pattern.IsEmpty)
        {
            if (pattern[0] == '*')
            {
                for (int skipped = 0; skipped <= name.Length; skipped++)
                {
                    if (IsLike(name[skipped..], pattern[1..]))
                    {
                        return true;
                    }
                }

                return false;
            }

            if (name.IsEmpty || (pattern[0] != '?' && char.ToLowerInvariant(pattern[0]) != name[0]))
            {
                return false;
            }

            name = name[1..];
            pattern = pattern[1..];
        }

        return name.IsEmpty;
    }
}
