using System.Net;
using System.Text.Json;
using Executor.Http.Wire;

namespace Executor.Cli.Remote;

/// <summary>Makes of an answer that is no success the exception that tells it.</summary>
internal static class RefusalReader
{
    private const int ShownErrors = 20;
    private const string ProblemPrefix = "urn:executor:";

    /// <summary>Reads the answer.</summary>
    /// <returns>A <see cref="ServerRefusedException"/> or a <see cref="ServerUnavailableException"/>.</returns>
    public static async Task<Exception> ReadAsync(HttpResponseMessage response, ServerAddress server, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) != true)
        {
            return NotOurs(response, server);
        }

        try
        {
            await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
            Problem? problem = await JsonSerializer.DeserializeAsync(body, ApiJson.Wire.Problem, cancellationToken);
            bool isOurs = problem?.Type.StartsWith(ProblemPrefix, StringComparison.Ordinal) == true;
            return isOurs ? Of(problem!, response.StatusCode, server) : NotOurs(response, server);
        }
        catch (JsonException)
        {
            return NotOurs(response, server);
        }
    }

    /// <summary>The answer is not one that our servers give.</summary>
    public static ServerUnavailableException NotOurs(HttpResponseMessage response, ServerAddress server, Exception? inner = null)
    {
        string type = response.Content.Headers.ContentType?.MediaType is string media ? $", {media}" : "";
        string answer = $"{(int)response.StatusCode}{type}";
        return (int)response.StatusCode >= 500
            ? new ServerUnavailableException($"{server.Shown} failed without saying why ({answer})", inner)
            : new ServerUnavailableException($"what answers at {server.Shown} is no Executor server ({answer}); is --server right?", inner);
    }

    /// <summary>Its bad fields a line each, else what it says.</summary>
    public static string Describe(Problem problem)
    {
        if (problem.Errors is not { Count: > 0 } errors)
        {
            return problem.Detail ?? problem.Title;
        }

        IEnumerable<string> lines = errors.Take(ShownErrors).Select(error => error.Field.Length == 0 ? error.Message : $"{error.Field}: {error.Message}");
        return string.Join('\n', errors.Count > ShownErrors ? lines.Append($"and {errors.Count - ShownErrors} more") : lines);
    }

    private static Exception Of(Problem problem, HttpStatusCode status, ServerAddress server) => (int)status switch
    {
        401 => new ServerRefusedException(problem, server.KeySource is string source
            ? $"{server.Shown} does not know this API key ({source}); it must be one of the server's server.api_keys"
            : $"{server.Shown} lets nobody in without an API key; give --api-key, or set {ServerAddress.KeyVariable}"),
        429 or >= 500 => new ServerUnavailableException($"{server.Shown}: {Describe(problem)}"),
        _ => new ServerRefusedException(problem, Describe(problem)),
    };
}
