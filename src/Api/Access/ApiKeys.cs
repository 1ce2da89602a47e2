using Executor.Configuration;
using Microsoft.AspNetCore.Http;

namespace Executor.Api.Access;

/// <summary>The keys that let clients in.</summary>
internal sealed class ApiKeys(IReadOnlyList<Secret> keys)
{
    private const string Scheme = "Bearer ";

    /// <summary>Whether anybody may come in.</summary>
    public bool IsOpen => keys.Count == 0;

    /// <summary>Which of the keys the request brings, from 0; null: none of them.</summary>
    public int? Find(HttpRequest request)
    {
        string header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        string candidate = header[Scheme.Length..].Trim();
        int? found = null;
        // All are compared, so that the time doesn't tell which one it was.
        for (int i = 0; i < keys.Count; i++)
        {
            found = keys[i].Matches(candidate) ? i : found;
        }

        return found;
    }
}
