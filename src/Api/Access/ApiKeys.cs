using System.Text;
using Executor.Text;
using Microsoft.AspNetCore.Http;

namespace Executor.Api.Access;

/// <summary>The keys that let clients in.</summary>
internal sealed class ApiKeys(IReadOnlyList<Secret> keys)
{
    private const string Scheme = "Bearer ";
    private const string BrowserScheme = "Basic ";

    /// <summary>Whether anybody may come in.</summary>
    public bool IsOpen => keys.Count == 0;

    /// <summary>Which of the keys the request brings, from 0; null: none of them.</summary>
    /// <param name="request">The request.</param>
    /// <param name="isPage">Whether it may be brought as browsers do: as a password.</param>
    public int? Find(HttpRequest request, bool isPage = false)
    {
        string header = request.Headers.Authorization.ToString();
        string? candidate = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim()
            : isPage && header.StartsWith(BrowserScheme, StringComparison.OrdinalIgnoreCase) ? PasswordIn(header[BrowserScheme.Length..].Trim())
            : null;
        return candidate is null ? null : Find(candidate);
    }

    private int? Find(string candidate)
    {
        int? found = null;
        // All are compared, so that the time doesn't tell which one it was.
        for (int i = 0; i < keys.Count; i++)
        {
            found = keys[i].Matches(candidate) ? i : found;
        }

        return found;
    }

    /// <summary>The password of <c>user:password</c> in Base64; null: it is not that.</summary>
    private static string? PasswordIn(string credentials)
    {
        Span<byte> bytes = new byte[credentials.Length];
        return Convert.TryFromBase64String(credentials, bytes, out int length)
            && Encoding.UTF8.GetString(bytes[..length]) is string text
            && text.IndexOf(':', StringComparison.Ordinal) is >= 0 and int colon
            ? text[(colon + 1)..]
            : null;
    }
}
