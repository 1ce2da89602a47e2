using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Executor.Api.Fuzz;

/// <summary>A connection on which anything can be sent.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp);
    private bool _isDisposed;

    /// <summary>Connects.</summary>
    /// <param name="server">The server.</param>
    /// <param name="receiveBuffer">Bytes that the kernel takes before the client reads; 0: its default.</param>
    public static async Task<RawClient> ConnectAsync(Uri server, int receiveBuffer = 0)
    {
        RawClient client = new();
        if (receiveBuffer > 0)
        {
            client._socket.ReceiveBufferSize = receiveBuffer;
        }

        await client._socket.ConnectAsync(IPAddress.Loopback, server.Port);
        return client;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await _socket.SendAsync(bytes)..];
        }
    }

    /// <summary>The answer: its status and its body, which has a length.</summary>
    public async Task<(int Status, string Body)> AnswerAsync()
    {
        StringBuilder text = new();
        byte[] buffer = new byte[1 << 14];
        while (true)
        {
            int count = await _socket.ReceiveAsync(buffer).WaitAsync(TimeLimit);
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
            string all = text.ToString();
            int end = all.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (count == 0 || (end >= 0 && IsWhole(all[..end], all[(end + 4)..])))
            {
                Assert.True(end >= 0, $"no answer: {all}");
                return (int.Parse(all.Split(' ')[1], CultureInfo.InvariantCulture), all[(end + 4)..]);
            }
        }
    }

    /// <summary>Reads until the server closes the connection, well or badly.</summary>
    /// <returns>How much there was.</returns>
    public async Task<long> DrainAsync()
    {
        byte[] buffer = new byte[1 << 16];
        long all = 0;
        try
        {
            for (int count; (count = await _socket.ReceiveAsync(buffer).WaitAsync(TimeLimit)) > 0;)
            {
                all += count;
            }
        }
        catch (SocketException)
        {
            // Cut off.
        }

        return all;
    }

    /// <summary>Closes without a word, as a machine does that loses its power.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _socket.LingerState = new LingerOption(enable: true, seconds: 0);
            _socket.Dispose();
        }
    }

    private static bool IsWhole(string head, string body)
    {
        string? line = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return line is not null
            ? Encoding.UTF8.GetByteCount(body) >= int.Parse(line.Split(':')[1], CultureInfo.InvariantCulture)
            : body.EndsWith("0\r\n\r\n", StringComparison.Ordinal);
    }
}
