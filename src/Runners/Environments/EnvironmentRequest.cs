using System.Security.Cryptography;
using System.Text;
using Executor.Executors;
using Executor.Runners.Probing;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners.Environments;

/// <summary>A runtime environment that is asked for.</summary>
/// <param name="Runtime">The Python runtime.</param>
/// <param name="CodeExecutor">The code executor whose Python it is to be made of.</param>
/// <param name="Packages">What is to be installed; valid.</param>
public sealed record EnvironmentRequest(RuntimeDefinition Runtime, CodeExecutorOptions CodeExecutor, IReadOnlyList<string> Packages)
{
    /// <summary>The packages in one order and spelling.</summary>
    internal IReadOnlyList<string> Canonical => field ??= PackageRequirement.Canonical(Packages);

    /// <summary>What the environment is known by: what goes into it, and which Python it is of.</summary>
    /// <param name="python">The Python that was found, with its version.</param>
    internal string KeyFor(ProbeResult python)
    {
        string content = string.Join('\n', ["python", python.Path, python.Version ?? "", .. Canonical]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)).AsSpan(0, 16));
    }
}
