using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Executor.Http.Wire;
using Executor.Tasks;

namespace Executor.Http;

/// <summary>What requests bring.</summary>
internal static class RequestJson
{
    /// <summary>One thing.</summary>
    /// <param name="value">The thing.</param>
    /// <param name="type">Its type.</param>
    /// <param name="validate">Names what is wrong with it.</param>
    /// <param name="place">What the names of its fields begin with.</param>
    /// <exception cref="InvalidInputException">It has something in it that JSON can't say: a number that is none, say.</exception>
    public static byte[] Of<T>(T value, JsonTypeInfo<T> type, Func<T, IReadOnlyList<ValidationFault>> validate, string place = "")
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(value, type);
        }
        catch (Exception failed) when (failed is ArgumentException or InvalidOperationException)
        {
            // The server would name the field if it could be told.
            IReadOnlyList<ValidationFault> faults = validate(value);
            throw faults.Count > 0 ? new InvalidInputException([.. faults.Select(fault => fault with { Field = place + fault.Field })]) : failed;
        }
    }

    /// <summary>A task.</summary>
    /// <exception cref="InvalidInputException">It has something in it that JSON can't say.</exception>
    public static ReadOnlyMemory<byte> Of(TaskSpec task) => Of(task, ApiJson.Wire.TaskSpec, TaskSpecValidator.Validate);

    /// <summary>A list of tasks.</summary>
    /// <exception cref="InvalidInputException">One of them has something in it that JSON can't say.</exception>
    public static ReadOnlyMemory<byte> Of(IReadOnlyList<TaskSpec> tasks)
    {
        using MemoryStream body = new();
        for (int i = 0; i < tasks.Count; i++)
        {
            body.WriteByte((byte)(i == 0 ? '[' : ','));
            body.Write(Of(tasks[i], ApiJson.Wire.TaskSpec, TaskSpecValidator.Validate, $"tasks[{i}]."));
        }

        body.WriteByte((byte)']');
        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }
}
