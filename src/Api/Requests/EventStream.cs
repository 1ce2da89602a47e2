using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Executor.Api.Requests;

/// <summary>Answers that go on for as long as something happens: server-sent events, or the bytes themselves.</summary>
internal static class EventStream
{
    /// <summary>The type of server-sent events.</summary>
    public const string MediaType = "text/event-stream";

    /// <summary>A comment, which keeps a silent connection alive.</summary>
    public static readonly byte[] Silence = ":\n\n"u8.ToArray();

    /// <summary>Begins an answer that nobody on the way keeps back.</summary>
    public static Task BeginStreamAsync(this HttpContext context, string contentType, CancellationToken cancellationToken)
    {
        context.Response.ContentType = contentType;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        return context.Response.Body.FlushAsync(cancellationToken);
    }

    /// <summary>Sends a piece at once.</summary>
    public static async Task SendAsync(this HttpResponse response, ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        await response.Body.WriteAsync(piece, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }

    /// <summary>A server-sent event.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="json">Its data: JSON has no line break in it, so one line is enough.</param>
    /// <param name="id">Its id; empty: none.</param>
    public static byte[] Event(string name, string json, string id = "") =>
        Encoding.UTF8.GetBytes(id.Length == 0 ? $"event: {name}\ndata: {json}\n\n" : $"id: {id}\nevent: {name}\ndata: {json}\n\n");
}
