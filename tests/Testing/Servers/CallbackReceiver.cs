using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace Executor.Testing;

/// <summary>Whom results are posted to (<c>callback_url</c>).</summary>
public sealed class CallbackReceiver : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _taken = [];
    private readonly StubListener _listener;
    private int _posts;

    public CallbackReceiver() => _listener = new StubListener(TakeAsync);

    /// <summary>Where it listens; any path below will do.</summary>
    public string Address => _listener.Address;

    /// <summary>What it answers. What it answers 2xx to it has taken.</summary>
    public HttpStatusCode Answer { get; set; } = HttpStatusCode.OK;

    /// <summary>Posts that came, taken or not.</summary>
    public int Posts => Volatile.Read(ref _posts);

    /// <summary>The ids that the posts it has taken bore, by task; more than one of a task where it was posted again.</summary>
    public IReadOnlyDictionary<string, ConcurrentQueue<string>> Taken => _taken;

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task TakeAsync(HttpListenerContext context)
    {
        HttpStatusCode answer = Answer;
        try
        {
            JsonElement result = (await JsonDocument.ParseAsync(context.Request.InputStream)).RootElement;
            Interlocked.Increment(ref _posts);
            if ((int)answer is >= 200 and < 300)
            {
                string id = context.Request.Headers["Executor-Callback-Id"]!;
                Assert.Equal(result.GetProperty("id").GetString(), id);
                _taken.GetOrAdd(result.GetProperty("task_id").GetString()!, _ => []).Enqueue(id);
            }

            context.Response.StatusCode = (int)answer;
            context.Response.Close();
        }
        catch (Exception broken) when (broken is HttpListenerException or JsonException or IOException)
        {
            // Whoever posted was killed.
            context.Response.Abort();
        }
    }
}
