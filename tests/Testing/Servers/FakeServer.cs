using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Executor.Testing;

/// <summary>An HTTP server that answers as a test says: for what a real server does only in trouble.</summary>
public sealed class FakeServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    /// <summary>Method and path with query of each request, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>Starts it on a free port.</summary>
    /// <param name="answer">Answers a request; told how many of its method and path (without query) came before.</param>
    public static async Task<FakeServer> StartAsync(Func<HttpContext, int, Task> answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        FakeServer server = new(app);
        ConcurrentDictionary<string, int> counts = [];
        app.Run(context =>
        {
            string asked = $"{context.Request.Method} {context.Request.Path}";
            server.Requests.Enqueue($"{asked}{context.Request.QueryString}");
            return answer(context, counts.AddOrUpdate(asked, 0, (_, count) => count + 1));
        });
        await app.StartAsync();
        return server;
    }

    /// <summary>Answers with a body.</summary>
    public static async Task JsonAsync(HttpContext context, string json, int status = 200, string type = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(json));
    }

    /// <summary>Answers with a problem document.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="rest">Its members beside type, title and status, as JSON.</param>
    /// <param name="kind">What its type ends with.</param>
    public static Task ProblemAsync(HttpContext context, int status, string rest, string kind = "test") => JsonAsync(
        context, $$"""{"type":"urn:executor:problem:{{kind}}","title":"A problem","status":{{status}},{{rest}}}""", status, "application/problem+json");

    /// <summary>Sends events, and ends the connection.</summary>
    public static async Task EventsAsync(HttpContext context, params string[] events)
    {
        context.Response.ContentType = "text/event-stream";
        foreach (string each in events)
        {
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(each + "\n\n"));
            await context.Response.Body.FlushAsync();
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
