using Executor.Storage;

namespace Executor.Testing;

public abstract partial class TaskStoreContract
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Callback_is_kept_with_the_end_that_was_recorded_once()
    {
        await SubmitAsync("a");
        await SubmitAsync("b");
        await SubmitAsync("none");
        TaskCompletion end = new(Completed("a")) { CallbackUrl = "http://Hook.example:81/done?x=\0" };
        Assert.Equal(WriteOutcome.Stale, await Store.CompleteAsync(new TaskCompletion(Completed("a", attempt: 2)) { CallbackUrl = "http://x/" }, None));
        Assert.Equal(WriteOutcome.Recorded, await Store.CompleteAsync(end, None));
        Assert.Equal(WriteOutcome.Recorded, await Store.CompleteAsync(end, None));
        Assert.Equal(WriteOutcome.Recorded, await Store.CancelAsync(new TaskCompletion(Cancelled("b")) { CallbackUrl = "https://hook.example/" }, None));
        Assert.Equal(WriteOutcome.Recorded, await CompleteAsync(Completed("none")));

        Assert.Equal(["hook.example", "hook.example:81"], await Store.ListCallbackHostsAsync(null, 10, None));
        CallbackRecord kept = Assert.Single(await Store.ReadWaitingCallbacksAsync("hook.example:81", 10, None));
        Assert.Equal(("a", end.CallbackUrl, CallbackState.Waiting, 0, null), (kept.TaskId, kept.Url, kept.State, kept.Attempts, kept.Error));
        Assert.Equal(((await StateAsync("a")).EndedAt, kept.EndedAt), (kept.EndedAt, kept.NextAt));
        Assert.Equal("b", Assert.Single(await Store.ReadWaitingCallbacksAsync("hook.example", 10, None)).TaskId);
        Assert.Equal(new CallbackCounts(2, 0), await Store.CountCallbacksAsync(None));
    }

    [Fact]
    public async Task Callback_that_is_delivered_is_forgotten_and_one_that_is_not_waits_or_is_dead()
    {
        CallbackRecord[] waiting = await CallBackAsync("h", 3);
        DateTimeOffset later = Time.GetUtcNow() + Minute;

        await Store.SettleCallbackAsync(new CallbackDelivered(waiting[0].Sequence), None);
        await Store.SettleCallbackAsync(new CallbackPutOff(waiting[1].Sequence, 4, later, "it answered 500\0"), None);
        await Store.SettleCallbackAsync(new CallbackGivenUp(waiting[2].Sequence, 30, later, "it answered 404"), None);
        // Repeated, and too late.
        await Store.SettleCallbackAsync(new CallbackDelivered(waiting[0].Sequence), None);
        await Store.SettleCallbackAsync(new CallbackPutOff(waiting[2].Sequence, 1, Time.GetUtcNow(), "late"), None);
        await Store.SettleCallbackAsync(new CallbackDelivered(waiting[2].Sequence), None);

        CallbackRecord putOff = waiting[1] with { Attempts = 4, NextAt = later, Error = "it answered 500\0" };
        CallbackRecord dead = waiting[2] with { State = CallbackState.Dead, Attempts = 30, NextAt = later, Error = "it answered 404" };
        Assert.Equal([putOff], await Store.ReadWaitingCallbacksAsync("h", 10, None));
        Assert.Equal([dead, putOff], (await Store.ListCallbacksAsync(null, 10, null, None)).Callbacks);
        Assert.Equal([dead], (await Store.ListCallbacksAsync(CallbackState.Dead, 10, null, None)).Callbacks);
        Assert.Equal([putOff], (await Store.ListCallbacksAsync(CallbackState.Waiting, 10, null, None)).Callbacks);
        Assert.Equal(new CallbackCounts(1, 1), await Store.CountCallbacksAsync(None));
    }

    [Fact]
    public async Task Callbacks_of_a_host_are_read_in_the_order_in_which_they_are_due()
    {
        CallbackRecord[] waiting = await CallBackAsync("h", 4);
        await CallBackAsync("other", 1);
        await Store.SettleCallbackAsync(new CallbackPutOff(waiting[0].Sequence, 1, Time.GetUtcNow() + (2 * Minute), "x"), None);
        await Store.SettleCallbackAsync(new CallbackPutOff(waiting[1].Sequence, 1, Time.GetUtcNow() + Minute, "x"), None);

        Assert.Equal(
            [waiting[2].TaskId, waiting[3].TaskId, waiting[1].TaskId],
            (await Store.ReadWaitingCallbacksAsync("h", 3, None)).Select(callback => callback.TaskId));
        Assert.Empty(await Store.ReadWaitingCallbacksAsync("nobody", 3, None));
    }

    [Fact]
    public async Task Hosts_and_callbacks_are_listed_in_pages()
    {
        foreach (string host in (string[])["c", "a", "b", "d"])
        {
            await CallBackAsync(host, 3);
        }

        List<string> hosts = [];
        while (await Store.ListCallbackHostsAsync(hosts.LastOrDefault(), 3, None) is { Count: > 0 } page)
        {
            hosts.AddRange(page);
        }

        Assert.Equal(["a", "b", "c", "d"], hosts);
        List<CallbackRecord> listed = [];
        long? next = null;
        do
        {
            CallbackPage page = await Store.ListCallbacksAsync(CallbackState.Waiting, 5, next, None);
            Assert.InRange(page.Callbacks.Count, 1, 5);
            listed.AddRange(page.Callbacks);
            next = page.Next;
        }
        while (next is not null);
        Assert.Equal(["d2", "d1", "d0", "b2", "b1", "b0", "a2", "a1", "a0", "c2", "c1", "c0"], listed.Select(callback => callback.TaskId));
    }

    [Fact]
    public async Task Retention_removes_dead_callbacks_and_keeps_those_that_wait()
    {
        CallbackRecord[] old = await CallBackAsync("old", 3);
        await Store.SettleCallbackAsync(new CallbackGivenUp(old[0].Sequence, 1, Time.GetUtcNow(), "x"), None);
        Time.Advance(TimeSpan.FromDays(2));
        CallbackRecord[] young = await CallBackAsync("young", 3);
        foreach (CallbackRecord callback in young)
        {
            await Store.SettleCallbackAsync(new CallbackGivenUp(callback.Sequence, 1, Time.GetUtcNow(), "x"), None);
        }

        await Store.ApplyRetentionAsync(new RetentionOptions { MaxAge = TimeSpan.FromDays(1), MaxTasks = null }, None);
        Assert.Equal(new CallbackCounts(2, 3), await Store.CountCallbacksAsync(None));
        Assert.Null(await Store.GetResultAsync("old1", None));

        await Store.ApplyRetentionAsync(new RetentionOptions { MaxAge = null, MaxTasks = 1 }, None);
        Assert.Equal("young2", Assert.Single((await Store.ListCallbacksAsync(CallbackState.Dead, 10, null, None)).Callbacks).TaskId);
        Assert.Equal(new CallbackCounts(2, 1), await Store.CountCallbacksAsync(None));
    }

    [Fact]
    public async Task Callback_outlives_its_task_and_is_not_taken_for_that_of_another()
    {
        await CallBackAsync("h", 1);
        Time.Advance(Minute);
        Assert.Equal(1, await Store.ApplyRetentionAsync(new RetentionOptions { MaxAge = TimeSpan.Zero }, None));

        CallbackRecord[] waiting = await CallBackAsync("h", 2);

        Assert.Equal(["h0", "h0"], waiting.Select(callback => callback.TaskId));
        Assert.NotEqual(waiting[0].Sequence, waiting[1].Sequence);
        Assert.Equal(new CallbackCounts(3, 0), await Store.CountCallbacksAsync(None));
    }

    /// <summary>Ends tasks whose results are to be posted to a host.</summary>
    private async Task<CallbackRecord[]> CallBackAsync(string host, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await SubmitAsync($"{host}{i}");
            await Store.CompleteAsync(new TaskCompletion(Completed($"{host}{i}")) { CallbackUrl = $"http://{host}/" }, None);
        }

        return [.. await Store.ReadWaitingCallbacksAsync(host, count, None)];
    }
}
