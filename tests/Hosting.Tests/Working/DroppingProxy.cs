using System.Net;
using System.Net.Sockets;

namespace Executor.Hosting.Working;

/// <summary>A way to a server that can be cut: what is on its way then is lost.</summary>
internal sealed class DroppingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _server;
    private readonly Lock _lock = new();
    private readonly List<Socket> _sockets = [];
    private readonly Task _accepting;
    private int _passed;

    public DroppingProxy(Uri server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Ends when so much has come through since the last cut.</summary>
    public Task PassedAsync(int bytes) => Poll.UntilAsync($"{bytes} bytes have passed", () => Volatile.Read(ref _passed) >= bytes);

    /// <summary>Resets every connection.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            Volatile.Write(ref _passed, 0);
            foreach (Socket socket in _sockets)
            {
                socket.Close(0);
            }

            _sockets.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Cut();
        await _accepting;
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> pumps = [];
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptSocketAsync();
                Socket server = new(SocketType.Stream, ProtocolType.Tcp);
                await server.ConnectAsync(_server.Host, _server.Port);
                lock (_lock)
                {
                    _sockets.AddRange([client, server]);
                }

                pumps.Add(PumpAsync(client, server));
                pumps.Add(PumpAsync(server, client));
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(pumps);
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[4096];
        try
        {
            for (int count; (count = await from.ReceiveAsync(buffer)) > 0;)
            {
                await to.SendAsync(buffer.AsMemory(0, count));
                Interlocked.Add(ref _passed, count);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }
}
