using System.Text;
using System.Text.Json;
using Docker.DotNet.Models;

namespace Executor.Runners.Docker.Images;

/// <summary>What <c>docker login</c> has kept in Docker's own configuration file. A credential helper is not asked.</summary>
internal static class RegistryLogin
{
    /// <summary>The login for a registry; an empty one where there is none.</summary>
    public static AuthConfig For(string registry)
    {
        string folder = Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker");
        return Read(Path.Combine(folder, "config.json"), registry);
    }

    /// <summary>The same, of this file.</summary>
    internal static AuthConfig Read(string path, string registry)
    {
        try
        {
            using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(path));
            if (file.RootElement.TryGetProperty("auths", out JsonElement auths)
                && auths.TryGetProperty(registry, out JsonElement entry)
                && entry.TryGetProperty("auth", out JsonElement auth)
                && Encoding.UTF8.GetString(auth.GetBytesFromBase64()).Split(':', 2) is [var user, var password])
            {
                return new AuthConfig { Username = user, Password = password, ServerAddress = registry };
            }
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or JsonException or FormatException or InvalidOperationException)
        {
            // Without a login the registry says what is missing, if anything is.
        }

        return new AuthConfig();
    }
}
