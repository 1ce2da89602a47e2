using Executor.Runtimes;
using Executor.Text;

namespace Executor.Configuration;

internal static partial class ConfigurationReader
{
    private static readonly IReadOnlyList<(string Word, WarmKind Kind)> WarmKinds =
        [("none", WarmKind.None), ("fork_python", WarmKind.ForkPython), ("prestart_node", WarmKind.PrestartNode)];

    private static RuntimeOverride ReadRuntime(SectionReader section)
    {
        RuntimeOverride options = new()
        {
            Enabled = section.Flag("enabled"),
            Like = section.Text("like"),
            Aliases = section.Texts("aliases"),
            Extensions = section.Texts("extensions"),
            SourceFile = section.Text("source_file"),
            Interpreter = section.TextOrTexts("interpreter"),
            Compile = section.Texts("compile"),
            Run = section.Texts("run"),
            Flags = section.Texts("flags"),
            Env = section.TextMap("env"),
            Limits = section.Limits("limits"),
            CompileLimits = section.Limits("compile_limits"),
            CompileTimeout = section.Seconds("compile_timeout_sec"),
            Warm = section.Choice("warm", WarmKinds, WarmKinds.Count),
            ReadOnlyPaths = section.FilePaths("read_only_paths"),
            VersionArgs = section.Texts("version_args"),
            InstallHint = section.Text("install_hint"),
        };
        if (options.Extensions?.Any(extension => extension is not ['.', _, ..] || extension.Contains('/')) == true)
        {
            section.Fault("extensions", $"must each begin with a dot (.py), were {string.Join(", ", options.Extensions)}");
        }

        if (options.SourceFile is string file && (file.Contains('/') || file is "." or ".."))
        {
            section.Fault("source_file", $"must be a file name without folders (main.py), was {QuotedText.Of(file)}");
        }

        RefuseEmpty(section, "interpreter", options.Interpreter);
        RefuseEmpty(section, "run", options.Run);
        section.RefuseOthers();
        return options;
    }

    private static void RefuseEmpty(SectionReader section, string key, IReadOnlyList<string>? texts)
    {
        if (texts is { Count: 0 })
        {
            section.Fault(key, "must have at least one element");
        }
    }
}
