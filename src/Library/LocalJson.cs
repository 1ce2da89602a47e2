using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Executor.Runners.Plans;
using Executor.Tasks;

namespace Executor.Library;

/// <summary>How values of this process become JSON and back: as the wire's (snake_case names, enumerations by name), by reflection.</summary>
internal static class LocalJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        PropertyNameCaseInsensitive = true,
        MaxDepth = CallableOutcome.MaxDepth,
        Converters = { new JsonStringEnumConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>Arguments by name: an anonymous object, a dictionary, or JSON as it is; null: none.</summary>
    public static JsonElement? Parameters(object? parameters) =>
        parameters is null ? null
        : parameters as JsonElement? ?? JsonSerializer.SerializeToElement(parameters, parameters.GetType(), Options);

    /// <summary>A function's value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="error">Why it is none that JSON can hold; null: it is one.</param>
    public static JsonElement Result(object? value, out TaskError? error)
    {
        error = null;
        try
        {
            return value is JsonElement json ? json.Clone() : JsonSerializer.SerializeToElement(value, value?.GetType() ?? typeof(object), Options);
        }
        // The value's own members run here, and they may throw anything.
        catch (Exception unwritable)
        {
            error = new TaskError
            {
                Type = TaskErrorTypes.ResultError,
                Message = $"the function's value, a {value!.GetType()}, can't be written as JSON: {unwritable.Message}",
            };
            return default;
        }
    }
}
