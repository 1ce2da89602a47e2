using System.Diagnostics.CodeAnalysis;

namespace Executor.Runners.Plans;

/// <summary>Paths inside a working directory.</summary>
internal static class RelativePath
{
    /// <summary>One spelling of a path (<c>./a//b</c> is <c>a/b</c>). False when it is empty, absolute, leads outside or holds NUL.</summary>
    public static bool TryNormalize(string path, [NotNullWhen(true)] out string? normal)
    {
        normal = null;
        if (path.Length == 0 || path[0] == '/' || path.Contains('\0'))
        {
            return false;
        }

        string[] parts = [.. path.Split('/').Where(part => part is not ("" or "."))];
        if (parts.Length == 0 || parts.Contains(".."))
        {
            return false;
        }

        normal = string.Join('/', parts);
        return true;
    }
}
