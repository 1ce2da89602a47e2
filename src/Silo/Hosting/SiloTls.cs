using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Executor.Client.Security;
using Executor.Configuration;
using Executor.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;

namespace Executor.Silo.Hosting;

/// <summary>How a silo speaks to other silos and to clients: with <c>cluster.tls</c>, or in the clear.</summary>
internal sealed class SiloTls
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(2);

    private readonly string _cluster;
    private readonly ClusterTls? _tls;
    private volatile string? _refused;

    /// <summary>Reads the certificates.</summary>
    /// <exception cref="ConfigurationException">They can't be used.</exception>
    public SiloTls(ClusterNodeOptions node, ILogger<SiloTls> log)
    {
        _cluster = node.Name;
        _tls = node.Tls is null ? null : ClusterTls.Load(node.Tls, why =>
        {
            _refused = why;
            log.PeerRefused(why);
        });
    }

    public void Apply(ISiloBuilder silo)
    {
        if (_tls is not null)
        {
            silo.UseTls(_tls.Apply);
        }
    }

    /// <summary>
    /// Knocks at the cluster's silos before joining: one that does not fit in would be declared dead by them, without a word of why. What
    /// can't be reached says nothing.
    /// </summary>
    /// <exception cref="UsageException">One of them does not accept this silo, or this silo does not accept it.</exception>
    public async Task KnockAsync(IReadOnlyList<IPEndPoint> silos, CancellationToken cancellationToken)
    {
        string?[] answers = await Task.WhenAll(silos.Select(silo => KnockAsync(silo, cancellationToken)));
        if (answers.FirstOrDefault(answer => answer is not null) is string answer)
        {
            throw new UsageException($"can't join the cluster '{_cluster}': {answer}");
        }
    }

    private async Task<string?> KnockAsync(IPEndPoint silo, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(TimeLimit);
        try
        {
            using Socket socket = new(silo.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(silo, limited.Token);
            await using NetworkStream stream = new(socket);
            return _tls is null ? await KnockPlainAsync(stream, silo, limited.Token) : await KnockAsync(stream, _tls, silo, limited.Token);
        }
        catch (Exception unreachable) when (unreachable is SocketException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <summary>A silo says who it is as soon as somebody connects; one with TLS waits for a handshake, and breaks off at anything else.</summary>
    private static async Task<string?> KnockPlainAsync(NetworkStream stream, IPEndPoint silo, CancellationToken cancellationToken)
    {
        using var greeting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        greeting.CancelAfter(TimeLimit / 2);
        byte[] buffer = new byte[16];
        try
        {
            await stream.ReadAtLeastAsync(buffer, 1, throwOnEndOfStream: false, greeting.Token);
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // No greeting.
        }

        bool isRefused;
        try
        {
            await stream.WriteAsync(buffer, cancellationToken);
            isRefused = await stream.ReadAsync(buffer, cancellationToken) >= 0;
        }
        catch (IOException)
        {
            isRefused = true;
        }

        return isRefused ? $"silo {silo} wants TLS, and this one has no cluster.tls (certificate, key and ca)" : null;
    }

    private async Task<string?> KnockAsync(NetworkStream stream, ClusterTls tls, IPEndPoint silo, CancellationToken cancellationToken)
    {
        await using SslStream ssl = new(stream);
        try
        {
            await ssl.AuthenticateAsClientAsync(tls.ClientOptions(), cancellationToken);
        }
        catch (Exception failed) when (failed is AuthenticationException or IOException)
        {
            return _refused is string why
                ? $"silo {silo} is not trusted (cluster.tls): {why}"
                : $"silo {silo} speaks no TLS, or refuses this one's certificate (cluster.tls): {failed.Message}";
        }

        try
        {
            return await ssl.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, cancellationToken) == 1 ? null : Refused();
        }
        catch (IOException)
        {
            return Refused();
        }

        string Refused() => $"silo {silo} refuses this one's certificate (cluster.tls.certificate): it is not signed by a CA of its own cluster.tls.ca";
    }
}
