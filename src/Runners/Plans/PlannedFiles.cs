using System.Text;
using Executor.Runners.Plans.Sources;
using Executor.Runners.Workspaces;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners.Plans;

/// <summary>The task's own files as they will lie in the working directory, its source among them.</summary>
internal sealed class PlannedFiles
{
    private const int MostNamed = 20;
    private readonly Dictionary<string, WorkspaceFile> _files = new(StringComparer.Ordinal);
    private readonly List<ValidationFault> _faults;
    private readonly RuntimeDefinition? _runtime;

    public PlannedFiles(TaskSpec task, RuntimeDefinition? runtime, List<ValidationFault> faults)
    {
        _faults = faults;
        _runtime = runtime;
        foreach ((string path, TaskFile file) in task.Files ?? new Dictionary<string, TaskFile>())
        {
            Add(path, file);
        }

        if (task.Code is string code && runtime is not null)
        {
            Source = NameOf(code, runtime);
            if (!_files.TryAdd(Source, new WorkspaceFile(Source, SourceText.Readable(Encoding.UTF8.GetBytes(code), runtime.Family))))
            {
                Fault("files", $"'{Source}' is the name that code itself gets; give the file another name, or use script");
            }
        }
        else if (task.Script is string script)
        {
            Source = Find(script);
            if (runtime is not null && _files.TryGetValue(Source, out WorkspaceFile file))
            {
                _files[Source] = file with { Content = SourceText.Readable(file.Content.ToArray(), runtime.Family) };
            }
        }

        foreach (string path in _files.Keys)
        {
            for (int slash = path.IndexOf('/'); slash >= 0; slash = path.IndexOf('/', slash + 1))
            {
                if (_files.ContainsKey(path[..slash]))
                {
                    Fault("files", $"'{path[..slash]}' can't be a file and the folder of '{path}'");
                }
            }
        }
    }

    public IReadOnlyList<WorkspaceFile> Files => [.. _files.Values];

    /// <summary>The source file's path; empty when the task has none.</summary>
    public string Source { get; } = "";

    private void Add(string path, TaskFile file)
    {
        if (!RelativePath.TryNormalize(path, out string? place))
        {
            Fault("files", $"'{path}' must be a path inside the working directory, for example data/in.csv");
        }
        else if (place == ExecutionPlan.OwnFolder || place.StartsWith(ExecutionPlan.OwnFolder + "/", StringComparison.Ordinal))
        {
            Fault("files", $"'{path}' is in the folder {ExecutionPlan.OwnFolder}, which Executor keeps for itself");
        }
        else if (Content(path, file) is byte[] given
            && (IsSource(place) ? SourceText.Readable(given, _runtime!.Family) : given) is var content
            && !_files.TryAdd(place, new WorkspaceFile(place, content, Executable: content.AsSpan().StartsWith("#!"u8))))
        {
            Fault("files", $"'{path}' is there twice");
        }
    }

    /// <summary>Java wants a file named as its public class.</summary>
    private static string NameOf(string code, RuntimeDefinition runtime) =>
        runtime.Family == "java" && new JavaSource(code).FileType is string type ? type + Path.GetExtension(runtime.SourceFile) : runtime.SourceFile;

    private bool IsSource(string path) => _runtime?.Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) == true;

    private byte[]? Content(string path, TaskFile file)
    {
        try
        {
            return file.ToBytes();
        }
        catch (FormatException)
        {
            Fault($"files.{path}", "content is not valid base64, as its encoding says; fix it or use \"encoding\": \"utf8\"");
            return null;
        }
    }

    private string Find(string script)
    {
        if (RelativePath.TryNormalize(script, out string? place) && _files.ContainsKey(place))
        {
            return place;
        }

        string names = string.Join(", ", _files.Keys.Take(MostNamed)) + (_files.Count > MostNamed ? ", …" : "");
        Fault("script", $"'{script}' is not among the task's files; " + (_files.Count == 0 ? "it has none" : $"they are: {names}"));
        return "";
    }

    private void Fault(string field, string message) => _faults.Add(new ValidationFault(field, message));
}
