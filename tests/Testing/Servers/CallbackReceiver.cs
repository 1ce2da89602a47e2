using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Executor.Testing;

/// <summary>Whom results are posted to (<c>callback_url</c>).</summary>
public sealed class CallbackReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _taken = [];
    private readonly Task _work;
    private int _posts;

    public CallbackReceiver()
    {
        using (TcpListener free = new(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
        }

        _listener.Prefixes.Add(Address);
        _listener.Start();
        _work = WorkAsync();
    }

    /// <summary>Where it listens; any path below will do.</summary>
    public string Address { get; }

    /// <summary>What it answers. What it answers 2xx to it has taken.</summary>
    public HttpStatusCode Answer { get; set; } = HttpStatusCode.OK;

    /// <summary>Posts that came, taken or not.</summary>
    public int Posts => Volatile.Read(ref _posts);

    /// <summary>The ids that the posts it has taken bore, by task; more than one of a task where it was posted again.</summary>
    public IReadOnlyDictionary<string, ConcurrentQueue<string>> Taken => _taken;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _work;
        _listener.Close();
    }

    private async Task WorkAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            await TakeAsync(context);
        }
    }

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
