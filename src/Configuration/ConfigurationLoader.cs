using System.Collections;
using System.Text;
using Executor.Executors;

namespace Executor.Configuration;

/// <summary>
/// Reads <c>config.yaml</c> and the environment variables that stand for its keys. Every fault is found before any is
/// reported. Without a file nothing of YAML is loaded.
/// </summary>
public static class ConfigurationLoader
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the configuration.</summary>
    /// <param name="path">The file; null: none, only the defaults and the variables.</param>
    /// <param name="codeExecutors">The sections of <c>code_executors</c>: one for each runner.</param>
    /// <param name="environment">The environment variables; null: the process's.</param>
    /// <exception cref="ConfigurationException">The file can't be read, is not YAML, or something in it or in a variable is not valid.</exception>
    public static ExecutorConfiguration Load(
        string? path, IReadOnlyList<CodeExecutorSection> codeExecutors, IReadOnlyDictionary<string, string>? environment = null)
    {
        // The way of every plain `executor run`: nothing is built that isn't needed.
        if (path is null && environment is null && !HasVariables(Environment.GetEnvironmentVariables()))
        {
            return ExecutorConfiguration.Default;
        }

        environment ??= ProcessEnvironment();
        if (path is null)
        {
            return Build(null, path, codeExecutors, environment);
        }

        try
        {
            using StreamReader text = new(path, Strict);
            return Build(text, path, codeExecutors, environment);
        }
        catch (Exception exception) when (UnreadableFile.IsCause(exception))
        {
            throw new ConfigurationException(
                [new ConfigurationFault(path, null, "", $"can't read the configuration: {UnreadableFile.Explain(path, exception)}")]);
        }
    }

    /// <summary>Reads the configuration from text.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="source">How to name it in faults.</param>
    /// <param name="codeExecutors">The sections of <c>code_executors</c>.</param>
    /// <param name="environment">The environment variables; null: the process's.</param>
    /// <exception cref="ConfigurationException">As for <see cref="Load"/>.</exception>
    public static ExecutorConfiguration Parse(
        string yaml, string source, IReadOnlyList<CodeExecutorSection> codeExecutors, IReadOnlyDictionary<string, string>? environment = null)
    {
        using StringReader text = new(yaml);
        return Build(text, source, codeExecutors, environment ?? ProcessEnvironment());
    }

    private static ExecutorConfiguration Build(
        TextReader? text, string? source, IReadOnlyList<CodeExecutorSection> codeExecutors, IReadOnlyDictionary<string, string> environment)
    {
        List<KeyValuePair<string, string>> variables = EnvironmentOverlay.Select(environment);
        if (text is null && variables.Count == 0)
        {
            return ExecutorConfiguration.Default;
        }

        ConfigurationFaults faults = new(environment);
        Origin origin = new(source ?? EnvironmentOverlay.Prefix, source is null ? null : 1);
        DocumentNode? document = text is null ? null : ReadDocument(text, origin, faults);
        DocumentNode root = document is null or DocumentMap
            ? EnvironmentOverlay.Apply(document as DocumentMap ?? new DocumentMap(origin, []), variables, faults.All)
            : document;
        ExecutorConfiguration configuration = ConfigurationReader.Read(new SectionReader(root, root.Origin, "", faults), codeExecutors);
        return faults.All.Count == 0
            ? configuration
            : throw new ConfigurationException([.. faults.All.Distinct().OrderBy(fault => fault.Line ?? long.MaxValue)]);
    }

    private static DocumentNode? ReadDocument(TextReader text, Origin origin, ConfigurationFaults faults)
    {
        List<DocumentNode> documents = YamlDocument.Read(text, origin.Source, faults.All);
        if (documents.Count > 1)
        {
            faults.Add(documents[1].Origin, "", "a configuration is one document; remove the --- between the two");
        }

        return documents.FirstOrDefault() is DocumentNode first and not DocumentScalar { IsNull: true } ? first : null;
    }

    private static bool HasVariables(IDictionary environment)
    {
        foreach (string name in environment.Keys)
        {
            if (name.StartsWith(EnvironmentOverlay.Prefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static Dictionary<string, string> ProcessEnvironment()
    {
        Dictionary<string, string> variables = [];
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return variables;
    }
}
