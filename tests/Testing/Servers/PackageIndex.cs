using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Executor.Runners.Environments;
using Executor.Runners.Probing;
using Executor.Runtimes;

namespace Executor.Testing;

/// <summary>A folder of wheels written by the test, and a place for environments made of them. Nothing leaves this machine.</summary>
public sealed class PackageIndex : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("packages-");

    public PackageIndex() => Directory.CreateDirectory(Wheels);

    public string Environments => Path.Join(_folder.FullName, "environments");

    private string Wheels => Path.Join(_folder.FullName, "wheels");

    /// <summary>Environments from the wheels.</summary>
    public RuntimeEnvironmentOptions Options => WithVariables(("PIP_FIND_LINKS", Wheels), ("PIP_NO_INDEX", "1"));

    /// <summary>Environments from an index at an address.</summary>
    public RuntimeEnvironmentOptions OptionsOf(string indexUrl) => WithVariables(("PIP_INDEX_URL", indexUrl), ("PIP_RETRIES", "0"));

    /// <summary>The environments that are complete.</summary>
    public IReadOnlyList<string> Complete() => [.. Directory.EnumerateFiles(Environments, "ready", SearchOption.AllDirectories)];

    /// <summary>The builds there are, complete or not.</summary>
    public IReadOnlyList<string> Builds() =>
        Directory.Exists(Environments) ? [.. Directory.GetDirectories(Environments).SelectMany(Directory.GetDirectories)] : [];

    /// <summary>Adds a wheel of one module, and whatever further files it is to bring.</summary>
    public void Add(string name, string version, string module = "", string requires = "", params (string Path, string Content)[] files)
    {
        string info = $"{name}-{version}.dist-info";
        List<(string Path, string Content)> all =
        [
            ($"{name}.py", module),
            .. files,
            ($"{info}/METADATA", $"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{(requires.Length == 0 ? "" : $"Requires-Dist: {requires}\n")}"),
            ($"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
        ];
        all.Add(($"{info}/RECORD", string.Concat(all.Select(file => $"{file.Path},sha256={Hash(file.Content)},{Encoding.UTF8.GetByteCount(file.Content)}\n")) + $"{info}/RECORD,,\n"));
        using ZipArchive wheel = ZipFile.Open(Path.Join(Wheels, $"{name}-{version}-py3-none-any.whl"), ZipArchiveMode.Create);
        foreach ((string path, string content) in all)
        {
            using Stream entry = wheel.CreateEntry(path).Open();
            entry.Write(Encoding.UTF8.GetBytes(content));
        }
    }

    /// <summary>A loopback address at which nobody listens.</summary>
    public static string ClosedAddress()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/simple";
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private RuntimeEnvironmentOptions WithVariables(params (string Name, string Value)[] set)
    {
        Dictionary<string, string> variables = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .Where(variable => !((string)variable.Key).StartsWith("PIP_", StringComparison.Ordinal))
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "");
        foreach ((string name, string value) in set)
        {
            variables[name] = value;
        }

        return new RuntimeEnvironmentOptions { Folder = Environments, Variables = variables };
    }

    private static string Hash(string content) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content))).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}

/// <summary>A Python that makes virtual environments and has a pip.</summary>
public static class Pip
{
    private static readonly Lazy<string?> Reason = new(Look);

    /// <summary>Why there is none; null: there is.</summary>
    public static string? WhyNot => Reason.Value;

    private static string? Look()
    {
        ProbeResult python = RuntimeProbe.Shared.FindAsync(RuntimeCatalog.BuiltIn.Find("python")!, null, CancellationToken.None).GetAwaiter().GetResult();
        if (!python.Found)
        {
            return python.Problem;
        }

        using Process process = Process.Start(new ProcessStartInfo(python.Path, ["-I", "-c", "import venv\ntry:\n import pip\nexcept ImportError:\n import ensurepip"]) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"{python.Path} has no venv or no pip: apt-get install -y python3-venv";
    }
}
