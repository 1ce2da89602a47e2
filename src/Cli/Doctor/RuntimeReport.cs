using System.Text.Json;
using Executor.Runners.Probing;
using Executor.Runtimes;

namespace Executor.Cli.Doctor;

/// <summary>The runtimes and what this machine has of them.</summary>
internal static class RuntimeReport
{
    /// <summary>Looks for each runtime and asks it for its version, all at once.</summary>
    public static Task<ProbeResult[]> ProbeAsync(RuntimeCatalog catalog, CancellationToken cancellationToken) =>
        Task.WhenAll(catalog.All.Select(runtime => RuntimeProbe.Shared.FindWithVersionAsync(runtime, interpreter: null, cancellationToken)));

    /// <summary>A line each: name, version, path and whether it is warm; or that it is absent and how to get it.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<ProbeResult> found)
    {
        int name = found.Max(result => result.Runtime.Name.Length);
        int version = found.Max(result => VersionOf(result).Length);
        return found.Select(result =>
        {
            string start = $"{result.Runtime.Name.PadRight(name)}  {VersionOf(result).PadRight(version)}  ";
            string warm = result.Runtime.Warm == WarmKind.None ? "" : "  (warm)";
            return result.Found ? $"{start}{result.Path}{warm}" : $"{start}{result.Problem}; to get it: {result.InstallHint}";
        });
    }

    /// <summary>Writes them as a JSON array.</summary>
    public static void WriteTo(Utf8JsonWriter json, IEnumerable<ProbeResult> found)
    {
        json.WriteStartArray();
        foreach (ProbeResult result in found)
        {
            json.WriteStartObject();
            json.WriteString("name", result.Runtime.Name);
            WriteTexts(json, "aliases", result.Runtime.Aliases);
            WriteTexts(json, "extensions", result.Runtime.Extensions);
            json.WriteBoolean("available", result.Found);
            json.WriteString("version", result.Version);
            json.WriteString("path", result.Path);
            json.WriteBoolean("warm", result.Found && result.Runtime.Warm != WarmKind.None);
            json.WriteString("problem", result.Problem);
            json.WriteString("install_hint", result.InstallHint);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string VersionOf(ProbeResult result) => result.Found ? result.Version ?? "?" : "absent";

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
