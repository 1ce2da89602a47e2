using System.Text.Json;

namespace Executor.Storage.Sql.Rows;

/// <summary>A task to insert, made ready by its caller so that the writer has nothing to do but write.</summary>
internal sealed class NewTask
{
    public NewTask(TaskSubmission submission)
    {
        Record = TaskRecord.Of(submission);
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(submission.Spec, StoredJson.Context.TaskSpec);
        Spec = System.Text.Encoding.UTF8.GetString(json);
        Hash = ContentHash.OfTask(json);
        Work = submission.Spec.Cache is null ? null : ContentHash.OfWork(json);
    }

    public TaskRecord Record { get; }

    /// <summary>The spec as JSON.</summary>
    public string Spec { get; }

    public ContentHash Hash { get; }

    /// <summary>The key of its result for others; null: it has not asked for a stored result.</summary>
    public ContentHash? Work { get; }
}
