using System.Data.Common;
using System.Net.Sockets;
using Executor.Grains.Scheduling;
using Executor.Storage;
using Orleans.Runtime;

namespace Executor.Client.Connections;

/// <summary>Grain calls that may be repeated without harm.</summary>
// No policy of Polly: it counts tries, and here the time is limited.
internal static class GrainCalls
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(1);

    /// <summary>Repeats a call while the grain's silo can't be reached, for half a minute.</summary>
    /// <exception cref="StorageException">It could not be reached, or its store failed.</exception>
    public static async Task<T> RepeatAsync<T>(Func<Task<T>> call, TimeProvider time, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        for (TimeSpan delay = Delay; ; delay = delay * 2 < MaxDelay ? delay * 2 : MaxDelay)
        {
            try
            {
                return await call().WaitAsync(cancellationToken);
            }
            catch (CallFaultException failed)
            {
                throw failed.Fault.ToException();
            }
            catch (Exception away) when (IsTransient(away))
            {
                if (time.GetElapsedTime(start) > TimeLimit)
                {
                    throw new StorageException($"The cluster could not be reached: {away.Message}", isTransient: true, away);
                }
            }

            // Ends here, too, when the caller has cancelled. Real time: what stands still in a test is the clock of tasks, not the cluster.
            await Task.Delay(delay, cancellationToken);
        }
    }

    // A silo that dies breaks a call off in many ways; the directory of grains passes on what its database threw. What a grain refuses is a CallFault.
    private static bool IsTransient(Exception exception) => exception
        is SchedulerStartingException or OrleansException or TimeoutException or InvalidOperationException or ObjectDisposedException
        or OperationCanceledException or DbException or IOException or SocketException;
}
