using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Executor.Http.Wire;
using Executor.Tasks;

namespace Executor.Cli.Remote;

/// <summary>A task of a batch file on its way through a server.</summary>
internal sealed class RemoteTask
{
    private const int HashLength = 12;

    private readonly TaskSpec _spec;
    private readonly string _baseId;
    private int _generation = 1;
    private IReadOnlyList<string>? _renamedParents;

    /// <param name="line">Line of the file on which it begins, from 1.</param>
    /// <param name="fileId">Its id in the file and the results.</param>
    /// <param name="spec">The task, with its files.</param>
    /// <param name="hasOwnId">Whether the file gives it that id; else the server's is made so that the same task gets the same one.</param>
    /// <param name="batchId">What the ids of tasks that bring none begin with; null: they end with what tells the task from others.</param>
    public RemoteTask(long line, string fileId, TaskSpec spec, bool hasOwnId, string? batchId)
    {
        (Line, FileId, HasOwnId, _spec) = (line, fileId, hasOwnId, spec with { TaskId = null });
        _baseId = hasOwnId ? fileId : batchId is not null ? $"{batchId}.{fileId}" : $"{fileId}-{HashOf(_spec)}";
        Json = ToJson();
    }

    public long Line { get; }

    public string FileId { get; }

    public bool HasOwnId { get; }

    public int Priority => _spec.Priority;

    public IReadOnlyList<string> Parents => _spec.DependsOn ?? [];

    /// <summary>Its id at the server.</summary>
    public string TaskId => _generation == 1 ? _baseId : string.Create(CultureInfo.InvariantCulture, $"{_baseId}.{_generation}");

    /// <summary>What is submitted.</summary>
    public byte[] Json { get; private set; }

    /// <summary>Whether its parents have other ids at the server than in the file.</summary>
    public bool HasRenamedParents { get; private set; }

    /// <summary>How often its result has been asked for.</summary>
    public int Round { get; set; }

    /// <summary>How often the server had never heard of it, though it had taken it.</summary>
    public int Forgotten { get; set; }

    /// <summary>Takes the next id: under this one the server has a task that can't be had again.</summary>
    public void NextGeneration()
    {
        _generation++;
        Json = ToJson();
    }

    /// <summary>Names its parents as the server knows them.</summary>
    /// <returns>Whether that changed anything.</returns>
    public bool RenameParents(IReadOnlyDictionary<string, string> ids)
    {
        if (!Parents.Any(ids.ContainsKey))
        {
            return false;
        }

        byte[] before = Json;
        _renamedParents = [.. Parents.Select(parent => ids.GetValueOrDefault(parent, parent))];
        HasRenamedParents = true;
        Json = ToJson();
        return !before.AsSpan().SequenceEqual(Json);
    }

    private byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(_spec with { TaskId = TaskId, DependsOn = _renamedParents ?? _spec.DependsOn }, ApiJson.Wire.TaskSpec);

    private static string HashOf(TaskSpec spec) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(spec, ApiJson.Wire.TaskSpec)))[..HashLength];
}
