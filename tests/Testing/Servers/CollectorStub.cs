using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Executor.Testing;

/// <summary>Takes what is sent to an OpenTelemetry collector by OTLP over HTTP.</summary>
public sealed class CollectorStub : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, string> _received = [];
    private readonly StubListener _listener;

    public CollectorStub() => _listener = new StubListener(TakeAsync);

    public string Address => _listener.Address;

    /// <summary>All that came to a path, a character a byte.</summary>
    public string ReceivedAt(string path) => _received.GetValueOrDefault(path, "");

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task TakeAsync(HttpListenerContext context)
    {
        using MemoryStream body = new();
        await context.Request.InputStream.CopyToAsync(body);
        string text = Encoding.Latin1.GetString(body.ToArray());
        _received.AddOrUpdate(context.Request.Url!.AbsolutePath, text, (_, before) => before + text);
        context.Response.Close();
    }
}
