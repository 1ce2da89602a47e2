using System.Net;
using System.Net.Sockets;

namespace Executor.Testing;

/// <summary>Takes connections and never answers: what asks it waits.</summary>
public sealed class SilentServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _clients = [];

    public SilentServer()
    {
        _listener.Start();
        Asked = AcceptAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/simple";

    /// <summary>Ends when somebody has connected.</summary>
    public Task Asked { get; }

    public void Dispose()
    {
        _listener.Stop();
        _clients.ForEach(client => client.Dispose());
    }

    private async Task AcceptAsync() => _clients.Add(await _listener.AcceptTcpClientAsync());
}
