using Executor.Storage;
using Microsoft.Extensions.Logging;

namespace Executor.Engine.Callbacks;

/// <summary>
/// Delivers the callbacks of one host, as long as some wait. While the host fails it is tried with one result at a time, less and less often; the others wait
/// without being tried.
/// </summary>
/// <param name="host">The host.</param>
/// <param name="store">Where they wait.</param>
/// <param name="callbacks">Posts them.</param>
/// <param name="slots">How many are posted at once, of all hosts.</param>
/// <param name="counters">What became of them.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Told when the host begins to fail, and when it is well.</param>
/// <param name="stopping">Ends it.</param>
internal sealed class CallbackLane(
    string host, CallbackStore store, ResultCallbacks callbacks, CallbackSlots slots, CallbackCounters counters, TimeProvider time, ILogger log, CancellationToken stopping)
{
    private const int Page = 64;
    private const int AtOnce = 8;

    private TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Posts that failed one after the other, and why; and what the posts since have shown.
    private int _failures;
    private string? _problem;
    private volatile string? _down;
    private volatile bool _isWell;

    /// <summary>Whether there may be ones that <see cref="RunAsync"/> has not seen.</summary>
    public bool IsWoken => Volatile.Read(ref _woken).Task.IsCompleted;

    /// <summary>There may be new ones.</summary>
    public void Wake() => Volatile.Read(ref _woken).TrySetResult();

    /// <summary>Delivers until none waits.</summary>
    /// <exception cref="OperationCanceledException">It is to stop.</exception>
    public async Task RunAsync()
    {
        while (true)
        {
            TaskCompletionSource woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _woken, woken);
            IReadOnlyList<CallbackRecord> page = await store.AskAsync((store, stop) => store.ReadWaitingCallbacksAsync(host, Page, stop));
            if (page.Count == 0)
            {
                return;
            }

            if (await ExpireAsync(page))
            {
                continue;
            }

            DateTimeOffset now = time.GetUtcNow();
            CallbackRecord[] due = [.. page.Where(callback => callback.NextAt <= now)];
            if (due.Length == 0)
            {
                await WaitAsync(page[0].NextAt - now, woken.Task);
                continue;
            }

            if (_failures > 0)
            {
                await DeliverAsync(due[0]);
            }
            else
            {
                await DeliverManyAsync(due);
            }

            NoteHost();
            if (_failures > 0)
            {
                await Task.Delay(CallbackRules.HostWait(_failures, Random.Shared.NextDouble()), time, stopping);
            }
        }
    }

    private async Task DeliverManyAsync(CallbackRecord[] due)
    {
        using SemaphoreSlim places = new(AtOnce);
        List<Task> posts = [];
        foreach (CallbackRecord callback in due)
        {
            await places.WaitAsync(stopping);
            if (_down is not null)
            {
                break;
            }

            posts.Add(PostAsync(callback));
        }

        await Task.WhenAll(posts);

        async Task PostAsync(CallbackRecord callback)
        {
            try
            {
                await DeliverAsync(callback);
            }
            finally
            {
                places.Release();
            }
        }
    }

    private async Task DeliverAsync(CallbackRecord callback)
    {
        if (!callbacks.MayCall(callback.Url))
        {
            await GiveUpAsync(callback, "its host and port are not among those that this server calls back (server.callback_hosts)");
            return;
        }

        if (await slots.UseAsync(_failures > 0, () => PostAsync(callback), stopping) is not CallbackAnswer answer)
        {
            await GiveUpAsync(callback, "its result has been removed");
            return;
        }

        if (answer.IsHostDown)
        {
            _down = answer.Problem;
        }
        else
        {
            _isWell = true;
        }

        if (answer.Problem is not string problem)
        {
            await store.SettleAsync(new CallbackDelivered(callback.Sequence));
            counters.Sent();
            return;
        }

        counters.Failed();
        await SettleAsync(callback, CallbackRules.Fail(callback, problem, time.GetUtcNow(), Random.Shared.NextDouble()));
    }

    /// <summary>Null: there is no result to post.</summary>
    private async Task<CallbackAnswer?> PostAsync(CallbackRecord callback)
    {
        using HeldResult? held = await ResultMemory.OfThisProcess.ReadAsync(
            _ => store.AskAsync((store, stop) => store.GetResultAsync(callback.TaskId, stop)), stopping);
        return held is null ? null : await callbacks.PostAsync(callback.Url, held.Result, callback.Attempts + 1, stopping);
    }

    /// <summary>After posts: whether the host is well.</summary>
    private void NoteHost()
    {
        if (_down is string problem)
        {
            _problem = problem;
            if (_failures++ == 0)
            {
                log.HostFails(host, problem);
            }
        }
        else if (_isWell && _failures > 0)
        {
            _failures = 0;
            log.HostIsWell(host);
        }

        (_down, _isWell) = (null, false);
    }

    /// <summary>Gives up those that have waited too long.</summary>
    /// <returns>Whether there were any.</returns>
    private async Task<bool> ExpireAsync(IReadOnlyList<CallbackRecord> page)
    {
        bool isAny = false;
        foreach (CallbackRecord callback in page)
        {
            if (CallbackRules.Expire(callback, _problem, time.GetUtcNow()) is CallbackOutcome expired)
            {
                isAny = true;
                await SettleAsync(callback, expired);
            }
        }

        return isAny;
    }

    private Task GiveUpAsync(CallbackRecord callback, string problem) =>
        SettleAsync(callback, new CallbackGivenUp(callback.Sequence, callback.Attempts, time.GetUtcNow(), problem));

    private async Task SettleAsync(CallbackRecord callback, CallbackOutcome outcome)
    {
        await store.SettleAsync(outcome);
        if (outcome is CallbackGivenUp givenUp)
        {
            counters.GivenUp();
            log.CallbackGivenUp(callback.TaskId, givenUp.Error);
        }
    }

    private async Task WaitAsync(TimeSpan wait, Task woken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny(Task.Delay(wait, time, over.Token), woken);
        stopping.ThrowIfCancellationRequested();
        await over.CancelAsync();
    }
}
