using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Executor.Api.Problems;
using Executor.Tasks;
using Executor.Wire;

namespace Executor.Api.Requests;

/// <summary>Reads a body of JSON into a wire type, strictly: every field that is not known or not of its type is named.</summary>
internal static class JsonRequest
{
    /// <exception cref="ProblemException">It is not such an object.</exception>
    public static T Read<T>(ReadOnlySpan<byte> utf8Json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            Utf8JsonReader reader = new(utf8Json);
            using var json = JsonDocument.ParseValue(ref reader);
            // Throws where something follows.
            reader.Read();
            List<ValidationFault> faults = TaskShape.CheckCharacters(json.RootElement);
            if (faults.Count == 0)
            {
                faults = TaskShape.Check(json.RootElement, type);
            }

            return faults.Count > 0 ? throw ProblemKinds.Invalid(faults) : Convert(json.RootElement, type);
        }
        catch (JsonException exception)
        {
            string place = exception.LineNumber > 0 ? $"line {exception.LineNumber + 1}, byte" : "byte";
            throw ProblemKinds.Invalid("", $"is not valid JSON at {place} {exception.BytePositionInLine + 1}: {JsonFault.Explain(exception)}");
        }
    }

    private static T Convert<T>(JsonElement json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return json.Deserialize(type) ?? throw ProblemKinds.Invalid("", "must be an object, was null");
        }
        catch (JsonException exception)
        {
            throw ProblemKinds.Invalid(JsonFault.FieldOf(exception), JsonFault.Explain(exception));
        }
    }
}
