using Executor.Hosting;

namespace Executor.Cli.Remote;

/// <summary>Where the server is, and the key that lets us in.</summary>
/// <param name="Url">Its address; ends with a slash.</param>
/// <param name="ApiKey">The key; null: none.</param>
/// <param name="KeySource">Where the key comes from, for messages; null: there is none.</param>
internal sealed record ServerAddress(Uri Url, string? ApiKey, string? KeySource)
{
    /// <summary>The environment variable that names the server.</summary>
    public const string ServerVariable = "EXECUTOR_SERVER";

    /// <summary>The environment variable that holds the key.</summary>
    public const string KeyVariable = "EXECUTOR_API_KEY";

    /// <summary>The server where nothing names one.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5000";

    /// <summary>The address as a person writes it.</summary>
    public string Shown => Url.AbsoluteUri.TrimEnd('/');

    /// <summary>What the options said, else the environment variables (empty ones don't count), else this machine without a key.</summary>
    /// <exception cref="UsageException">It is no address, or no key.</exception>
    public static ServerAddress Resolve(string? server, string? apiKey)
    {
        (string url, string urlSource) = server is not null
            ? (server, "--server")
            : (Variable(ServerVariable) ?? DefaultUrl, ServerVariable);
        (string? key, string? keySource) = apiKey is not null
            ? (apiKey, "--api-key")
            : Variable(KeyVariable) is string found ? (found, KeyVariable) : (null, null);
        if (key is not null && (key.Length == 0 || key.Any(character => character is < '!' or > '~')))
        {
            throw new UsageException($"{keySource}: must be a key of printable ASCII characters without spaces");
        }

        return new ServerAddress(Read(url, urlSource), key, keySource);
    }

    private static Uri Read(string text, string source)
    {
        string withScheme = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        if (Uri.TryCreate(withScheme, UriKind.Absolute, out Uri? url)
            && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            && url is { Query: "", Fragment: "", UserInfo: "", Host.Length: > 0 })
        {
            return url.AbsolutePath.EndsWith('/') ? url : new Uri(url.AbsoluteUri + "/");
        }

        throw new UsageException($"{source}: must be the address of a server such as {DefaultUrl}, was '{text}'");
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
