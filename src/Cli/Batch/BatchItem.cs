using System.Globalization;
using Executor.Tasks;

namespace Executor.Cli.Batch;

/// <summary>A task of a batch file on its way through a service.</summary>
internal sealed class BatchItem
{
    private readonly string _baseId;
    private int _generation = 1;

    /// <param name="line">Line of the file on which it begins, from 1.</param>
    /// <param name="fileId">Its id in the file and the results.</param>
    /// <param name="hasOwnId">Whether the file gives it that id, so that other tasks can name it.</param>
    /// <param name="spec">The task as it is submitted, with its files, and its id at the service.</param>
    public BatchItem(long line, string fileId, bool hasOwnId, TaskSpec spec)
    {
        (Line, FileId, HasOwnId, Spec, _baseId) = (line, fileId, hasOwnId, spec, spec.TaskId!);
        Size = SizeOf(spec);
    }

    public long Line { get; }

    public string FileId { get; }

    public bool HasOwnId { get; }

    /// <summary>Characters of what it brings: source, input, files.</summary>
    public long Size { get; }

    /// <summary>What is submitted.</summary>
    public TaskSpec Spec { get; private set; }

    /// <summary>Its id at the service.</summary>
    public string TaskId => Spec.TaskId!;

    /// <summary>Whether its parents have other ids at the service than in the file.</summary>
    public bool HasRenamedParents { get; private set; }

    /// <summary>How often its result has been asked for.</summary>
    public int Round { get; set; }

    /// <summary>How often the service had never heard of it, though it had taken it.</summary>
    public int Forgotten { get; set; }

    /// <summary>Takes the next id: under this one the service has a task that can't be had again.</summary>
    public void NextGeneration() =>
        Spec = Spec with { TaskId = string.Create(CultureInfo.InvariantCulture, $"{_baseId}.{++_generation}") };

    /// <summary>Names its parents as the service knows them.</summary>
    /// <returns>Whether that changed anything.</returns>
    public bool RenameParents(IReadOnlyDictionary<string, string> ids)
    {
        bool isChanged = ChangeParents(parent => ids.GetValueOrDefault(parent, parent));
        HasRenamedParents |= isChanged;
        return isChanged;
    }

    /// <summary>Waits no more for parents that have completed.</summary>
    /// <returns>Whether that changed anything.</returns>
    public bool LeaveParents(Predicate<string> isCompleted) => ChangeParents(parent => isCompleted(parent) ? null : parent);

    private bool ChangeParents(Func<string, string?> change)
    {
        string[] before = [.. Spec.DependsOn ?? []];
        string[] after = [.. before.Select(change).OfType<string>()];
        if (before.SequenceEqual(after))
        {
            return false;
        }

        Spec = Spec with { DependsOn = after.Length > 0 ? after : null };
        return true;
    }

    private static long SizeOf(TaskSpec task) =>
        (task.Code?.Length ?? 0) + (task.Stdin?.Length ?? 0) + (task.Files?.Values.Sum(file => (long)file.Content.Length) ?? 0);
}
