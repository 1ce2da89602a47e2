using System.Buffers.Text;

namespace Executor.Tasks;

public static partial class TaskSpecValidator
{
    private const int MaxPathLength = 4096;
    private const int MaxNameBytes = 255;

    private static void CheckFiles(TaskSpec task, List<ValidationFault> faults)
    {
        CheckText(task.WorkingDir, "working_dir", faults);
        if (task.Files is null)
        {
            return;
        }

        foreach ((string path, TaskFile file) in task.Files)
        {
            if (PathProblem(path) is string problem)
            {
                faults.Add(new(At("files", path), problem));
            }
            else if (ParentFile(path, task.Files) is string parent)
            {
                faults.Add(new(At("files", path), $"can't be in {Quote(parent)}, which is a file itself"));
            }

            if (ContentProblem(file) is string fault)
            {
                faults.Add(new(At("files", path) + ".content", fault));
            }
        }
    }

    private static string? ContentProblem(TaskFile? file) => file switch
    {
        null or { Content: null } => "is missing",
        { Encoding: TaskFileEncoding.Utf8 } => null,
        { Encoding: TaskFileEncoding.Base64 } => Base64.IsValid(file.Content) ? null : "is not valid base64, as encoding says it is",
        _ => "has an unknown encoding; known ones: utf8, base64",
    };

    /// <summary>What is wrong with a path or glob pattern inside the working directory, else null.</summary>
    private static string? PathProblem(string? path)
    {
        if (string.IsNullOrEmpty(path))
        {
            return "must be a path that is not empty";
        }

        if (path.Length > MaxPathLength || path.Contains('\0'))
        {
            return $"must be a path of at most {MaxPathLength} characters without a NUL in it";
        }

        if (path.Contains('\\'))
        {
            return "must have / between folders, not \\";
        }

        if (path[0] == '/' || (path.Length > 1 && path[1] == ':' && char.IsAsciiLetter(path[0])))
        {
            return "must be relative to the working directory, not absolute";
        }

        foreach (Range range in path.AsSpan().Split('/'))
        {
            ReadOnlySpan<char> name = path.AsSpan()[range];
            if (name is "" or "." or "..")
            {
                return "must be a plain relative path: no empty folder, '.' or '..' in it";
            }

            if (System.Text.Encoding.UTF8.GetByteCount(name) > MaxNameBytes)
            {
                return $"has a name longer than {MaxNameBytes} bytes in it";
            }
        }

        return null;
    }

    private static string? ParentFile(string path, IReadOnlyDictionary<string, TaskFile> files)
    {
        for (int slash = path.IndexOf('/'); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            string parent = path[..slash];
            if (files.ContainsKey(parent))
            {
                return parent;
            }
        }

        return null;
    }
}
