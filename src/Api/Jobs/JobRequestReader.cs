using System.Text.Json;
using Executor.Api.Problems;
using Executor.Api.Wire;
using Executor.Tasks;

namespace Executor.Api.Jobs;

/// <summary>Reads what a client asks for, and says everything that is wrong with it.</summary>
internal static class JobRequestReader
{
    /// <exception cref="ProblemException">It is not valid.</exception>
    public static JobRequest Read(ReadOnlySpan<byte> utf8Json)
    {
        List<ValidationFault> faults = [];
        JobRequest? request = null;
        try
        {
            Utf8JsonReader reader = new(utf8Json);
            using var json = JsonDocument.ParseValue(ref reader);
            // Throws where something follows.
            reader.Read();
            faults.AddRange(TaskShape.CheckCharacters(json.RootElement));
            if (faults.Count == 0)
            {
                faults.AddRange(TaskShape.Check(json.RootElement, ApiJson.Wire.JobRequest));
            }

            request = faults.Count == 0 ? json.RootElement.Deserialize(ApiJson.Wire.JobRequest) : null;
            if (faults.Count == 0 && request is null)
            {
                faults.Add(new("", "must be an object, was null"));
            }
        }
        catch (JsonException exception)
        {
            string place = exception.LineNumber > 0 ? $"line {exception.LineNumber + 1}, byte" : "byte";
            faults.Add(new("", $"is not valid JSON at {place} {exception.BytePositionInLine + 1}: {TaskSpecReader.Plain(exception)}"));
        }

        if (request?.Params is { ValueKind: not JsonValueKind.Object } given)
        {
            faults.Add(new("params", $"must be an object (names and values), was {TaskShape.Describe(given)}"));
        }

        if (string.IsNullOrWhiteSpace(request?.Type) && faults.Count == 0)
        {
            faults.Add(new("type", "must not be empty"));
        }

        return faults.Count == 0 ? request! : throw ProblemKinds.Invalid(faults);
    }
}
