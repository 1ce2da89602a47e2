using Executor.Grains.Executors;
using Executor.Grains.Scheduling;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Runtime;

namespace Executor.Silo.Clustering;

/// <summary>
/// Finds executors in grain storage that nothing was heard of for a day, and that their grains could not forget since their silos died:
/// asks those grains to. At the start, and every hour.
/// </summary>
internal sealed class ExecutorSweep : IAsyncDisposable
{
    private const string FindOld = """
        SELECT id_text FROM grain_states
        WHERE service = @service AND state_type = @state AND modified_at < now() - @age
        """;

    private readonly string _postgres;
    private readonly string _service;
    private readonly IGrainFactory _grains;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;

    private ExecutorSweep(string postgres, string service, IGrainFactory grains, ILogger log)
    {
        (_postgres, _service, _grains, _log) = (postgres, service, grains, log);
        _running = Task.Run(RunAsync);
    }

    /// <summary>Begins.</summary>
    /// <param name="postgres">The cluster's database.</param>
    /// <param name="service">The cluster's name.</param>
    /// <param name="grains">The way to the grains.</param>
    /// <param name="log">Where it says what went wrong.</param>
    public static ExecutorSweep Start(string postgres, string service, IGrainFactory grains, ILogger log) => new(postgres, service, grains, log);

    /// <summary>Asks the grains of all that are old to forget them.</summary>
    /// <returns>How many it asked.</returns>
    /// <exception cref="NpgsqlException">The database can't be reached.</exception>
    public static async Task<int> SweepAsync(string postgres, string service, IGrainFactory grains, CancellationToken cancellationToken)
    {
        List<string> keys = [];
        await using (NpgsqlConnection database = new(postgres))
        {
            await database.OpenAsync(cancellationToken);
            await using NpgsqlCommand find = new(FindOld, database);
            find.Parameters.AddWithValue("service", service);
            find.Parameters.AddWithValue("state", ExecutorKeeping.StateName);
            find.Parameters.AddWithValue("age", ExecutorKeeping.ForgetAfter);
            await using NpgsqlDataReader reader = await find.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                keys.Add(reader.GetString(0));
            }
        }

        foreach (string key in keys)
        {
            await grains.GetGrain<IExecutorGrain>(key).TidyAsync().WaitAsync(cancellationToken);
        }

        return keys.Count;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        using PeriodicTimer timer = new(ExecutorKeeping.SavePeriod);
        try
        {
            do
            {
                await TrySweepAsync();
            }
            while (await timer.WaitForNextTickAsync(_stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task TrySweepAsync()
    {
        try
        {
            await SweepAsync(_postgres, _service, _grains, _stopping.Token);
        }
        catch (Exception failed) when (failed is NpgsqlException or CallFaultException or OrleansException or TimeoutException or InvalidOperationException)
        {
            _log.ExecutorsNotSwept(failed.Message);
        }
    }
}
