using System.Text.Json;
using Executor.Api.Problems;
using Executor.Api.Requests;
using Executor.Http.Wire;
using Executor.Tasks;

namespace Executor.Api.Jobs;

/// <summary>Reads what a client asks for, and says everything that is wrong with it.</summary>
internal static class JobRequestReader
{
    /// <exception cref="ProblemException">It is not valid.</exception>
    public static JobRequest Read(ReadOnlySpan<byte> utf8Json)
    {
        JobRequest request = JsonRequest.Read(utf8Json, ApiJson.Wire.JobRequest);
        if (request.Params is { ValueKind: not JsonValueKind.Object } given)
        {
            throw ProblemKinds.Invalid("params", $"must be an object (names and values), was {TaskShape.Describe(given)}");
        }

        return string.IsNullOrWhiteSpace(request.Type) ? throw ProblemKinds.Invalid("type", "must not be empty") : request;
    }
}
