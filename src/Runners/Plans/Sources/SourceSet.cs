using System.Text;
using Executor.Runners.Workspaces;
using Executor.Runtimes;

namespace Executor.Runners.Plans.Sources;

/// <summary>The files that take part in a task's build: its source, and all others of the language that can.</summary>
internal sealed class SourceSet
{
    private static readonly string[] Headers = [".h", ".hh", ".hpp", ".hxx", ".h++", ".inl", ".ipp", ".tpp"];

    /// <param name="source">The source's path; empty: the task has none.</param>
    /// <param name="files">The task's files.</param>
    /// <param name="runtime">Its runtime.</param>
    public SourceSet(string source, IReadOnlyList<WorkspaceFile> files, RuntimeDefinition runtime)
    {
        Source = source;
        string stem = Path.GetFileNameWithoutExtension(source);
        if (source.Length == 0 || runtime.Compile is null)
        {
            (All, Main) = ([source], stem);
            return;
        }

        string text = Text(files.First(file => file.Path == source));
        List<WorkspaceFile> others =
        [
            .. files.Where(file => file.Path != source && IsOfLanguage(file.Path, runtime)).OrderBy(file => file.Path, StringComparer.Ordinal),
        ];
        switch (runtime.Family)
        {
            case "java":
                var java = new JavaSource(text);
                Main = java.MainClass ?? java.Qualified(stem);
                RemoveDoubles(java, others);
                break;
            case "go":
                string package = ProgramSource.GoPackage(text);
                others.RemoveAll(file => Folder(file.Path) != Folder(source) || file.Path.EndsWith("_test.go", StringComparison.Ordinal) || ProgramSource.GoPackage(Text(file)) != package);
                break;
            case "c" or "cpp":
                HashSet<string> included = [.. files.Where(file => IsOfLanguage(file.Path, runtime) || IsHeader(file.Path)).SelectMany(IncludedBy)];
                others.RemoveAll(file => included.Contains(file.Path));
                IncludeFolders = files.Any(file => IsHeader(file.Path) && Folder(file.Path).Length > 0) || Folder(source).Length > 0
                    ? [.. files.Where(file => IsHeader(file.Path)).Select(file => Folder(file.Path)).Append("").Distinct().Select(folder => Safe(folder.Length == 0 ? "." : folder))]
                    : [];
                break;
        }

        others.RemoveAll(file => ProgramSource.IsProgram(Text(file), LanguageOf(file.Path, runtime)));
        All = [source, .. others.Select(file => file.Path)];
        if (runtime.Family == "go")
        {
            Renamed = All.Where(IsRefusedByGo).ToDictionary(path => path, path => FreeName(path, files), StringComparer.Ordinal);
            Copies = [.. Renamed.Select(pair => new WorkspaceFile(pair.Value, files.First(file => file.Path == pair.Key).Content))];
        }

        Main ??= stem;
    }

    /// <summary>The source's path.</summary>
    public string Source { get; }

    /// <summary>The source, then the others.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>What is started: a Java class's full name, else the source's name without extension.</summary>
    public string Main { get; }

    /// <summary>Files to lay out besides: sources under another name, where the compiler takes no file of theirs.</summary>
    public IReadOnlyList<WorkspaceFile> Copies { get; } = [];

    private Dictionary<string, string> Renamed { get; } = [];

    /// <summary>Where C's headers are looked for.</summary>
    private IReadOnlyList<string> IncludeFolders { get; } = [];

    /// <summary>The elements of a command that name all of them.</summary>
    public IEnumerable<string> Elements()
    {
        // Headers of the task's never stand in for the system's.
        foreach (string folder in IncludeFolders)
        {
            yield return $"-iquote{folder}";
            yield return $"-idirafter{folder}";
        }

        bool mixed = All[0].EndsWith(".c", StringComparison.OrdinalIgnoreCase) ? false : All.Any(IsC);
        foreach (string path in All)
        {
            if (mixed && IsC(path))
            {
                yield return "-xc";
            }

            yield return Safe(Renamed.GetValueOrDefault(path, path));
            if (mixed && IsC(path))
            {
                yield return "-xnone";
            }
        }
    }

    /// <summary>Go takes no file whose name begins with a dash or another sign, and leaves out others for theirs.</summary>
    private static bool IsRefusedByGo(string path) => (Path.GetFileName(path) is [var first, ..] && char.IsAscii(first) && !char.IsAsciiLetterOrDigit(first)) || path.EndsWith("_test.go", StringComparison.Ordinal);

    private static string FreeName(string path, IReadOnlyList<WorkspaceFile> files)
    {
        string folder = path[..(path.LastIndexOf('/') + 1)];
        string stem = Path.GetFileNameWithoutExtension(path).TrimStart('-', '_', '.');
        string free;
        do
        {
            stem = "x" + stem + "x";
            free = $"{folder}{stem}.go";
        }
        while (files.Any(file => file.Path == free));
        return free;
    }

    /// <summary>A path that no program takes for an option, or for a list of options.</summary>
    public static string Safe(string path) => path.StartsWith('-') || path.StartsWith('@') || path.StartsWith('+') ? "./" + path : path;

    /// <summary>A C++ program may have C in it, which stays C.</summary>
    private static bool IsOfLanguage(string path, RuntimeDefinition runtime) =>
        runtime.Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) || (runtime.Family == "cpp" && IsC(path));

    private static string LanguageOf(string path, RuntimeDefinition runtime) => runtime.Family == "cpp" && IsC(path) ? "c" : runtime.Family;

    private static bool IsC(string path) => path.EndsWith(".c", StringComparison.Ordinal);

    private static bool IsHeader(string path) => Headers.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    private static string Folder(string path) => path.LastIndexOf('/') is int slash and > 0 ? path[..slash] : "";

    private static string Text(WorkspaceFile file) => Encoding.UTF8.GetString(file.Content.Span);

    /// <summary>What a source takes in itself isn't compiled once more.</summary>
    private static IEnumerable<string> IncludedBy(WorkspaceFile file) => ProgramSource.Includes(Text(file))
        .SelectMany(path => new[] { path, $"{Folder(file.Path)}/{path}" })
        .Select(Resolve);

    private static string Resolve(string path)
    {
        List<string> parts = [];
        foreach (string part in path.Split('/').Where(part => part is not ("" or ".")))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    /// <summary>Files that declare a class which is there already, as in a folder of exercises, are other programs'.</summary>
    private static void RemoveDoubles(JavaSource main, List<WorkspaceFile> others)
    {
        HashSet<string> declared = [.. main.TopTypes.Select(main.Qualified)];
        others.RemoveAll(file =>
        {
            var other = new JavaSource(Text(file));
            string[] types = [.. other.TopTypes.Select(other.Qualified)];
            bool isDouble = types.Any(declared.Contains);
            if (!isDouble)
            {
                declared.UnionWith(types);
            }

            return isDouble;
        });
    }
}
