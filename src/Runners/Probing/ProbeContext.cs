using System.Collections;

namespace Executor.Runners.Probing;

/// <summary>Where a probe looks: an environment and a folder.</summary>
internal sealed record ProbeContext(IReadOnlyDictionary<string, string> Environment, string Folder)
{
    public static IReadOnlyDictionary<string, string> OwnEnvironment()
    {
        var own = new Dictionary<string, string>();
        foreach (DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            own[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return own;
    }

    /// <summary>The absolute paths of the executable files that names or paths mean, best first.</summary>
    public IEnumerable<string> Candidates(IReadOnlyList<string> names) => names.SelectMany(Places).Where(IsExecutable).Distinct();

    public string DescribeMissing(IReadOnlyList<string> names)
    {
        string[] paths = [.. names.Where(IsPath)];
        return names.Count == 1 && paths is [string path]
            ? File.Exists(Absolute(path)) ? $"'{path}' is not an executable file" : $"'{path}' does not exist"
            : $"{string.Join(", ", names)}: not found on PATH";
    }

    private static bool IsPath(string name) => name.Contains('/') || Path.IsPathRooted(name);

    private string Absolute(string path) => path.StartsWith("~/", StringComparison.Ordinal) && Environment.TryGetValue("HOME", out string? home)
        ? Path.Join(home, path[2..])
        : Path.GetFullPath(path, Folder);

    private IEnumerable<string> Places(string name)
    {
        if (IsPath(name))
        {
            return [Absolute(name)];
        }

        string file = OperatingSystem.IsWindows() && !Path.HasExtension(name) ? name + ".exe" : name;
        return Environment.GetValueOrDefault("PATH", "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathRooted)
            .Select(folder => Path.Join(folder, file));
    }

    private static bool IsExecutable(string path) => File.Exists(path)
        && (OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
}
