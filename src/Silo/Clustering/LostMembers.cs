using System.Net;
using System.Net.Sockets;
using Executor.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Executor.Silo.Clustering;

/// <summary>
/// While a silo joins: notes as dead who was lost with nobody left to see it. A silo joins only when all that are noted as alive answer it, so
/// after the loss of a whole cluster none would, unless it came back at the addresses of the ones before. Who has not said for a while that it
/// lives, and refuses a connection, is lost.
/// </summary>
internal sealed class LostMembers : IAsyncDisposable
{
    private const string FindSilent =
        """
        SELECT address, port, generation FROM cluster_silos
        WHERE cluster = @cluster AND status = 3 AND alive_at < now() - INTERVAL '15 seconds' AND (address <> @address OR port <> @port)
        """;

    // The view first, as Orleans' own statements do: the other way round the two could wait for each other.
    private const string NoteDead =
        """
        WITH next AS (
          UPDATE cluster_views v SET version = v.version + 1, changed_at = now()
          WHERE v.cluster = @cluster AND EXISTS (
            SELECT FROM cluster_silos s
            WHERE s.cluster = @cluster AND s.address = @address AND s.port = @port AND s.generation = @generation
              AND s.status = 3 AND s.alive_at < now() - INTERVAL '15 seconds')
          RETURNING v.cluster
        )
        UPDATE cluster_silos s SET status = 6
        FROM next WHERE s.cluster = next.cluster AND s.address = @address AND s.port = @port AND s.generation = @generation
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(2);

    private readonly string _postgres;
    private readonly ClusterNodeOptions _node;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;

    private LostMembers(string postgres, ClusterNodeOptions node, ILogger log)
    {
        (_postgres, _node, _log) = (postgres, node, log);
        _running = Task.Run(RunAsync);
    }

    /// <summary>Begins to look, once a second until it is disposed of.</summary>
    /// <param name="postgres">The cluster's database.</param>
    /// <param name="node">The silo that joins.</param>
    /// <param name="log">Where it says whom it found.</param>
    public static LostMembers Watch(string postgres, ClusterNodeOptions node, ILogger log) => new(postgres, node, log);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        using PeriodicTimer timer = new(Pause);
        try
        {
            do
            {
                await TryLookAsync(_stopping.Token);
            }
            while (await timer.WaitForNextTickAsync(_stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // It has joined.
        }
    }

    private async Task TryLookAsync(CancellationToken cancellationToken)
    {
        try
        {
            // No connection is held meanwhile: there are few, and the silo joins with them.
            foreach ((IPEndPoint silo, int generation) in await SilentAsync(cancellationToken))
            {
                if (!await IsListeningAsync(silo, cancellationToken) && await NoteAsync(silo, generation, cancellationToken))
                {
                    _log.MemberLost(silo);
                }
            }
        }
        catch (Exception failed) when (failed is NpgsqlException or TimeoutException)
        {
            _log.LostMembersNotNoted(failed.Message);
        }
    }

    private async Task<List<(IPEndPoint Silo, int Generation)>> SilentAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlConnection database = new(_postgres);
        await database.OpenAsync(cancellationToken);
        await using NpgsqlCommand find = new(FindSilent, database);
        find.Parameters.AddWithValue("cluster", _node.Name);
        find.Parameters.AddWithValue("address", _node.Address.ToString());
        find.Parameters.AddWithValue("port", _node.SiloPort);
        await using NpgsqlDataReader reader = await find.ExecuteReaderAsync(cancellationToken);
        List<(IPEndPoint, int)> silent = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            if (IPAddress.TryParse(reader.GetString(0), out IPAddress? address))
            {
                silent.Add((new IPEndPoint(address, reader.GetInt32(1)), reader.GetInt32(2)));
            }
        }

        return silent;
    }

    private async Task<bool> NoteAsync(IPEndPoint silo, int generation, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection database = new(_postgres);
        await database.OpenAsync(cancellationToken);
        await using NpgsqlCommand note = new(NoteDead, database);
        note.Parameters.AddWithValue("cluster", _node.Name);
        note.Parameters.AddWithValue("address", silo.Address.ToString());
        note.Parameters.AddWithValue("port", silo.Port);
        note.Parameters.AddWithValue("generation", generation);
        return await note.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    private static async Task<bool> IsListeningAsync(IPEndPoint silo, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(TimeLimit);
        try
        {
            using Socket socket = new(silo.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(silo, limited.Token);
            return true;
        }
        catch (Exception unreachable) when (unreachable is SocketException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }
}
