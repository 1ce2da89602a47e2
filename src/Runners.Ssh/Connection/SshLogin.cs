using System.Security.Cryptography;
using Executor.Executors;
using Executor.Runners.Ssh.Options;
using Executor.Tasks;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Executor.Runners.Ssh.Connection;

/// <summary>What a connection is opened with.</summary>
internal static class SshLogin
{
    /// <summary>For connecting, and for any answer of the server's afterwards.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(8);

    /// <summary>Reads the private key anew each time: it may have been replaced.</summary>
    /// <exception cref="RunnerException">The key can't be used.</exception>
    public static ConnectionInfo Create(SshCodeExecutorOptions options, IReadOnlySet<string> knownKeyTypes)
    {
        List<AuthenticationMethod> methods = [];
        if (options.PrivateKey is not null)
        {
            methods.Add(new PrivateKeyAuthenticationMethod(options.Username, LoadKey(options)));
        }

        if (options.Password is { } password)
        {
            methods.Add(new PasswordAuthenticationMethod(options.Username, password.Reveal()));
            var interactive = new KeyboardInteractiveAuthenticationMethod(options.Username);
            interactive.AuthenticationPrompt += (_, asked) =>
            {
                foreach (AuthenticationPrompt prompt in asked.Prompts)
                {
                    prompt.Response = password.Reveal();
                }
            };
            methods.Add(interactive);
        }

        var info = new ConnectionInfo(options.Host, options.Port, options.Username, [.. methods])
        {
            Timeout = Timeout,
            // Whether there is room for a channel is the server's to say, at once, and ours to deal with.
            MaxSessions = int.MaxValue,
            RetryAttempts = 1,
        };
        Prefer(info.HostKeyAlgorithms, algorithm => knownKeyTypes.Contains(KeyTypeOf(algorithm)));
        return info;
    }

    private static PrivateKeyFile LoadKey(SshCodeExecutorOptions options)
    {
        string path = options.PrivateKey!;
        if (path.StartsWith("~/", StringComparison.Ordinal))
        {
            path = Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..]);
        }

        try
        {
            return new PrivateKeyFile(path, options.Passphrase?.Reveal());
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw SshFault.Create(options, $"the private key can't be read: {failed.Message.TrimEnd('.')}. Check {SshFault.Setting(options, "private_key")}", failed);
        }
        catch (SshPassPhraseNullOrEmptyException failed)
        {
            throw SshFault.Create(options, $"the private key {path} is encrypted. Set {SshFault.Setting(options, "passphrase")}", failed);
        }
        // An OpenSSH key decrypted with a wrong passphrase is nonsense, which is met in one way or another.
        catch (Exception failed) when (options.Passphrase is not null && IsNonsense(failed))
        {
            throw SshFault.Create(
                options, $"the private key {path} can't be decrypted. Check {SshFault.Setting(options, "passphrase")}, and that the file is a private key", failed);
        }
        catch (Exception failed) when (IsNonsense(failed))
        {
            throw SshFault.Create(options, $"{path} is not a private key that can be used: {failed.Message.TrimEnd('.')}. Check {SshFault.Setting(options, "private_key")}", failed);
        }
    }

    private static bool IsNonsense(Exception failed) =>
        failed is SshException or CryptographicException or NotSupportedException or FormatException or ArgumentException or InvalidOperationException or OverflowException
            or IndexOutOfRangeException;

    /// <summary>Moves what is preferred to the front; the rest keeps its order.</summary>
    private static void Prefer<T>(IDictionary<string, T> algorithms, Func<string, bool> isPreferred)
    {
        KeyValuePair<string, T>[] all = [.. algorithms];
        algorithms.Clear();
        foreach ((string name, T algorithm) in all.Where(pair => isPreferred(pair.Key)).Concat(all.Where(pair => !isPreferred(pair.Key))))
        {
            algorithms.Add(name, algorithm);
        }
    }

    /// <summary>One RSA key signs in several ways.</summary>
    private static string KeyTypeOf(string algorithm) => algorithm.StartsWith("rsa-sha2-", StringComparison.Ordinal) ? "ssh-rsa" : algorithm;
}
