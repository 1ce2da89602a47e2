namespace Executor.Api;

/// <summary>An event of a stream of server-sent events, or a comment.</summary>
internal sealed record SseEvent(string? Id, string? Name, string? Data, bool IsComment);

/// <summary>Reads server-sent events one by one.</summary>
internal sealed class SseReader : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _lines;

    private SseReader(HttpResponseMessage answer, Stream body)
    {
        _answer = answer;
        _lines = new StreamReader(body);
    }

    public HttpResponseMessage Answer => _answer;

    public static async Task<SseReader> OpenAsync(HttpClient client, string path, string? lastEventId = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        return await OpenAsync(client, request);
    }

    public static async Task<SseReader> OpenAsync(HttpClient client, HttpRequestMessage request)
    {
        HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.ToString());
        return new SseReader(answer, await answer.Content.ReadAsStreamAsync());
    }

    /// <summary>The next event; null: the stream has ended.</summary>
    public async Task<SseEvent?> NextAsync()
    {
        SseEvent found = new(null, null, null, IsComment: false);
        while (await _lines.ReadLineAsync().WaitAsync(Soon) is string line)
        {
            string value = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].TrimStart();
            switch (line.Split(':')[0])
            {
                case "" when line.StartsWith(':'):
                    found = found with { IsComment = true };
                    break;
                case "":
                    return found;
                case "id":
                    found = found with { Id = value };
                    break;
                case "event":
                    found = found with { Name = value };
                    break;
                case "data":
                    found = found with { Data = value };
                    break;
                default:
                    Assert.Fail($"No line of an event: {line}");
                    break;
            }
        }

        return null;
    }

    /// <summary>What is left, to the end of the stream.</summary>
    public async Task<List<SseEvent>> RestAsync()
    {
        List<SseEvent> events = [];
        while (await NextAsync() is SseEvent found)
        {
            events.Add(found);
        }

        return events;
    }

    public void Dispose()
    {
        _lines.Dispose();
        _answer.Dispose();
    }
}
