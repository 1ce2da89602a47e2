using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Executor.Silo;

/// <summary>An executor of another process that is connected to a silo: it says that it lives, and nothing else that it isn't told to.</summary>
internal sealed class OutsideExecutor : IAsyncDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(1);

    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _ended = new(TimeLimit);
    private Task _beating = Task.CompletedTask;

    private OutsideExecutor()
    {
    }

    /// <summary>Connects and registers.</summary>
    public static async Task<OutsideExecutor> ConnectAsync(SiloProcess silo, string id, string capability)
    {
        OutsideExecutor executor = new();
        await executor._socket.ConnectAsync(new UriBuilder(silo.Http.BaseAddress!) { Scheme = "ws", Path = "/executors/connect" }.Uri, executor._ended.Token);
        await executor.SendAsync($$"""{"type":"register","executor_id":"{{id}}","host":"outside","capabilities":["{{capability}}"]}""");
        JsonElement registered = await executor.ReceiveAsync("registered");
        executor._beating = executor.BeatAsync(TimeSpan.FromSeconds(registered.GetProperty("lease_sec").GetDouble() / 3));
        return executor;
    }

    public Task SendAsync(string frame) => _socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, endOfMessage: true, _ended.Token);

    /// <summary>The next frame, which is of that type.</summary>
    public async Task<JsonElement> ReceiveAsync(string type)
    {
        using MemoryStream message = new();
        byte[] buffer = new byte[1 << 14];
        WebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer, _ended.Token);
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        Assert.True(part.MessageType == WebSocketMessageType.Text, $"closed with {_socket.CloseStatus} {_socket.CloseStatusDescription} instead of {type}");
        JsonElement frame = JsonElement.Parse(message.ToArray());
        Assert.True(frame.GetProperty("type").GetString() == type, $"not {type}: {frame}");
        return frame;
    }

    /// <summary>What it is closed with, whatever is said before.</summary>
    public async Task<int> ClosedAsync()
    {
        while (_socket.CloseStatus is null)
        {
            await _socket.ReceiveAsync(new byte[1 << 14], _ended.Token);
        }

        return (int)_socket.CloseStatus;
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _beating;
        _socket.Dispose();
        _ended.Dispose();
    }

    private async Task BeatAsync(TimeSpan period)
    {
        using PeriodicTimer timer = new(period);
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token))
            {
                await SendAsync("""{"type":"heartbeat","running":[]}""");
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or WebSocketException or InvalidOperationException)
        {
            // Its silo is gone, or the test is over.
        }
    }
}
