using System.Text.Json;
using Executor.Http.Wire;
using Executor.Tasks;

namespace Executor.Http;

/// <summary>Tasks as a request brings them.</summary>
internal static class TaskBody
{
    /// <summary>One task.</summary>
    /// <exception cref="InvalidTaskException">It has something in it that JSON can't say.</exception>
    public static ReadOnlyMemory<byte> Of(TaskSpec task) => ToJson(task, "");

    /// <summary>A list of tasks.</summary>
    /// <exception cref="InvalidTaskException">One of them has something in it that JSON can't say.</exception>
    public static ReadOnlyMemory<byte> Of(IReadOnlyList<TaskSpec> tasks)
    {
        using MemoryStream body = new();
        for (int i = 0; i < tasks.Count; i++)
        {
            body.WriteByte((byte)(i == 0 ? '[' : ','));
            body.Write(ToJson(tasks[i], $"tasks[{i}]."));
        }

        body.WriteByte((byte)']');
        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private static byte[] ToJson(TaskSpec task, string place)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(task, ApiJson.Wire.TaskSpec);
        }
        catch (Exception failed) when (failed is (ArgumentException or InvalidOperationException) && TaskSpecValidator.Validate(task) .Count > 0)
        {
            // A number that is none, say: the server would name the field if it could be told.
            throw new InvalidTaskException([.. TaskSpecValidator.Validate(task).Select(fault => fault with { Field = place + fault.Field })]);
        }
    }
}
