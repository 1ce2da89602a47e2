using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Executor.Testing;

/// <summary>An executor that says exactly what a test wants it to.</summary>
public sealed class TestExecutor : IDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _timeouts = new(TimeLimit);

    private TestExecutor()
    {
    }

    /// <summary>The code with which the server closed the connection.</summary>
    public int? CloseCode => (int?)_socket.CloseStatus;

    public static async Task<TestExecutor> ConnectAsync(TestServer server)
    {
        TestExecutor executor = new();
        await executor._socket.ConnectAsync(server.Address, executor._timeouts.Token);
        return executor;
    }

    /// <summary>Connects and registers.</summary>
    /// <param name="server">The server.</param>
    /// <param name="id">Its id.</param>
    /// <param name="more">Further fields, as JSON, each after a comma.</param>
    public static async Task<(TestExecutor Executor, JsonElement Registered)> RegisterAsync(TestServer server, string id = "e1", string more = "")
    {
        TestExecutor executor = await ConnectAsync(server);
        await executor.SendAsync($$"""{"type":"register","executor_id":"{{id}}","host":"here"{{more}}}""");
        return (executor, await executor.ReceiveAsync("registered"));
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    public Task SendAsync(byte[] message, WebSocketMessageType type) => _socket.SendAsync(message, type, endOfMessage: true, _timeouts.Token);

    public Task SendPartAsync(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: false, _timeouts.Token);

    public Task OutputAsync(string taskId, int seq, string text, int attempt = 1) =>
        SendAsync($$"""{"type":"output","task_id":"{{taskId}}","attempt":{{attempt}},"stream":"stdout","seq":{{seq}},"data":{{JsonSerializer.Serialize(text)}}}""");

    public Task ResultAsync(string taskId, string status = "COMPLETED", int attempt = 1, string more = "") => SendAsync(
        $$$"""{"type":"result","task_id":"{{{taskId}}}","attempt":{{{attempt}}},"result":{"task_id":"{{{taskId}}}","status":"{{{status}}}"{{{more}}}}}""");

    /// <summary>The next frame, which is of that type.</summary>
    public async Task<JsonElement> ReceiveAsync(string type)
    {
        JsonElement? frame = await ReceiveAsync();
        Assert.True(frame is not null, $"closed with {CloseCode} {_socket.CloseStatusDescription} instead of {type}");
        Assert.True(frame.Value.GetProperty("type").GetString() == type, $"not {type}: {frame}");
        return frame.Value;
    }

    /// <summary>The next frame; null: the server closed the connection.</summary>
    public async Task<JsonElement?> ReceiveAsync()
    {
        using MemoryStream message = new();
        byte[] buffer = new byte[1 << 16];
        WebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer, _timeouts.Token);
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return part.MessageType == WebSocketMessageType.Close ? null : JsonElement.Parse(message.ToArray());
    }

    /// <summary>The server's last words: its error, after which it closes the connection with that code.</summary>
    public async Task<string> RefusedAsync(int closeCode)
    {
        string message = (await ReceiveAsync("error")).GetProperty("message").GetString()!;
        Assert.Null(await ReceiveAsync());
        Assert.Equal(closeCode, CloseCode);
        return message;
    }

    /// <summary>Is gone, without a word.</summary>
    public void Drop() => _socket.Abort();

    public void Dispose()
    {
        _socket.Dispose();
        _timeouts.Dispose();
    }
}
