using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Executor.Http;

/// <summary>One request, sent as often as it takes.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Path">Its address below the server's, with its query.</param>
internal sealed record HttpAsk(HttpMethod Method, string Path)
{
    private const int LargeBody = 1 << 20;

    /// <summary>How server-sent events are announced.</summary>
    public const string EventStream = "text/event-stream";

    /// <summary>JSON; null: no body.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>How long the answer may take beyond what is usual, since we ask the server to wait or it has much to do.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>Problems that are an answer to this and no fault.</summary>
    public IReadOnlyList<HttpStatusCode> Expected { get; init; } = [];

    /// <summary>Whether the answer is a stream of events.</summary>
    public bool IsStream { get; init; }

    /// <summary>The id of the last event that was seen; null: from the beginning.</summary>
    public string? LastEventId { get; init; }

    /// <summary>A question about something that may not be there.</summary>
    public static HttpAsk Find(string path) => new(HttpMethod.Get, path) { Expected = [HttpStatusCode.NotFound] };

    /// <summary>Something that is to be done to what may not be there.</summary>
    public static HttpAsk Act(string path) => new(HttpMethod.Post, path) { Expected = [HttpStatusCode.NotFound] };

    /// <summary>Whether anything can have the id: it is a part of a path.</summary>
    public static bool IsId(string id) => id is not ("" or "." or "..");

    /// <summary>The id as a part of a path.</summary>
    public static string Escape(string id) => Uri.EscapeDataString(id);

    /// <summary>Seconds of a wait as a query; empty: no wait.</summary>
    public static string WaitQuery(TimeSpan wait) => wait > TimeSpan.Zero
        ? string.Create(CultureInfo.InvariantCulture, $"?wait={wait.TotalSeconds:0.###}")
        : "";

    /// <summary>Names and values as a query; null values are left out.</summary>
    public static string Query(IEnumerable<(string Name, string? Value)> values)
    {
        StringBuilder query = new();
        foreach ((string name, string? value) in values)
        {
            if (value is not null)
            {
                query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }

        return query.ToString();
    }

    /// <summary>The request once more.</summary>
    public HttpRequestMessage ToMessage()
    {
        HttpRequestMessage message = new(Method, Path);
        if (Body is ReadOnlyMemory<byte> bytes)
        {
            message.Content = new ReadOnlyMemoryContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            // A server that does not take it says so before all of it is sent.
            message.Headers.ExpectContinue = bytes.Length > LargeBody;
        }

        if (IsStream)
        {
            message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(EventStream));
        }

        if (LastEventId is string id)
        {
            message.Headers.Add("Last-Event-ID", id);
        }

        return message;
    }
}
