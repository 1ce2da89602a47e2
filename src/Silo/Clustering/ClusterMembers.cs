using System.Net;
using Executor.Storage;
using Npgsql;

namespace Executor.Silo.Clustering;

/// <summary>Who is in a cluster, as its database says.</summary>
internal static class ClusterMembers
{
    private const string Alive =
        """
        SELECT address, port FROM cluster_silos
        WHERE cluster = @cluster AND status = 3 AND alive_at > now() - INTERVAL '15 seconds'
        """;

    /// <summary>Where the silos that have lately been alive listen for each other.</summary>
    /// <exception cref="StorageException">The database can't be reached, or refused.</exception>
    public static async Task<IReadOnlyList<IPEndPoint>> FindAsync(string connectionString, string cluster, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlConnection connection = new(connectionString);
            await connection.OpenAsync(cancellationToken);
            await using NpgsqlCommand command = new(Alive, connection);
            command.Parameters.AddWithValue("cluster", cluster);
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
            List<IPEndPoint> found = [];
            while (await reader.ReadAsync(cancellationToken))
            {
                if (IPAddress.TryParse(reader.GetString(0), out IPAddress? address))
                {
                    found.Add(new IPEndPoint(address, reader.GetInt32(1)));
                }
            }

            return found;
        }
        catch (Exception failed) when (failed is NpgsqlException or TimeoutException)
        {
            throw new StorageException($"PostgreSQL could not be used for the cluster: {failed.Message}", isTransient: failed is NpgsqlException { IsTransient: true }, failed);
        }
    }
}
