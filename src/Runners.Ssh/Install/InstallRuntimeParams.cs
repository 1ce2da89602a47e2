using System.Text.Json;
using Executor.Executors;
using Executor.Runners.Ssh.Options;
using Executor.Tasks;
using Executor.Text;

namespace Executor.Runners.Ssh.Install;

/// <summary>What a runtime is installed with: the params of <see cref="InstallRuntimeJob"/>.</summary>
/// <param name="CodeExecutor">The code executor whose host it is installed on.</param>
/// <param name="Packages">What pip is to install, as it understands it.</param>
/// <param name="Python">The Python there that makes the environment; null: the first on PATH.</param>
/// <param name="Path">The environment's folder there; null: see <see cref="FolderOn"/>.</param>
internal sealed record InstallRuntimeParams(string CodeExecutor, IReadOnlyList<string> Packages, string? Python, string? Path)
{
    private static readonly string[] Fields = ["code_executor", "packages", "python", "path"];

    /// <summary>Reads the params; null and faults where they can't be used.</summary>
    public static InstallRuntimeParams? Read(JsonElement? parameters, IReadOnlyCollection<string> known, List<ValidationFault> faults)
    {
        JsonElement given = parameters ?? JsonElement.Parse("{}");
        foreach (JsonProperty field in given.EnumerateObject().Where(field => !Fields.Contains(field.Name)))
        {
            faults.Add(new($"params.{field.Name}", ClosestName.Explain("field", field.Name, Fields)));
        }

        string? name = Text(given, "code_executor", faults);
        if (name is null)
        {
            faults.Add(new("params.code_executor", $"is required; SSH code executors: {string.Join(", ", known.DefaultIfEmpty("none"))}"));
        }
        else if (!known.Contains(name))
        {
            faults.Add(new("params.code_executor", ClosestName.Explain("SSH code executor", name, known)));
        }

        string? python = Text(given, "python", faults);
        string? path = Text(given, "path", faults);
        List<string> packages = ReadPackages(given, faults);
        return faults.Count == 0 ? new InstallRuntimeParams(name!, packages, python, path) : null;
    }

    /// <summary>Where the environment is to be: as asked, else what <c>code_executor_path</c> is in, else a folder of ours in the user's home.</summary>
    public string FolderOn(SshCodeExecutorOptions options) =>
        Path ?? (options.CodeExecutorPath?.Split('/') is [.. { Length: > 0 } folder, "bin", { Length: > 0 }]
            ? string.Join('/', folder)
            : $"~/.local/share/executor/runtimes/{options.Name}");

    private static string? Text(JsonElement given, string name, List<ValidationFault> faults)
    {
        if (!given.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text)
        {
            return text;
        }

        faults.Add(new($"params.{name}", $"must be a text that is not empty, was {TaskShape.Describe(value)}"));
        return null;
    }

    private static List<string> ReadPackages(JsonElement given, List<ValidationFault> faults)
    {
        List<string> packages = [];
        if (!given.TryGetProperty("packages", out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return packages;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            faults.Add(new("params.packages", $"must be a list of names, was {TaskShape.Describe(value)}"));
            return packages;
        }

        foreach (JsonElement package in value.EnumerateArray())
        {
            // What begins with a dash would be an option of pip's.
            if (package.ValueKind == JsonValueKind.String && package.GetString() is { Length: > 0 } name && name[0] != '-')
            {
                packages.Add(name);
            }
            else
            {
                faults.Add(new($"params.packages[{packages.Count}]", $"must be a package as pip names it (pandas, numpy==2.1), was {QuotedText.Of(package.ToString())}"));
                break;
            }
        }

        return packages;
    }
}
