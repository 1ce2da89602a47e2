using System.Collections.Concurrent;
using System.Net;
using Executor.Execution;
using Executor.Storage;
using Executor.Tasks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Engine.Callbacks;

public sealed class CallbackDispatcherTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Every_result_is_delivered_however_many_there_are()
    {
        int tasks = FaultSize.Tasks(12_000);
        await using InMemoryTaskStore store = new(TimeProvider.System);
        Hosts hosts = new(_ => HttpStatusCode.OK);
        await FillAsync(store, "one", tasks);

        await using CallbackDispatcher dispatcher = Start(store, hosts, TimeProvider.System);
        await UntilAsync(async () => (await store.CountCallbacksAsync(default)).Waiting == 0);

        Assert.Equal(tasks, hosts.Posts["one"]);
        Assert.Equal((tasks, 0, 0), (dispatcher.GetMetrics().Sent, dispatcher.GetMetrics().Failed, dispatcher.GetMetrics().GivenUp));
        Assert.InRange(hosts.MostAtOnce, 2, 8);
    }

    [Fact]
    public async Task Host_that_never_answers_delays_no_other()
    {
        await using InMemoryTaskStore store = new(TimeProvider.System);
        Hosts hosts = new(host => host == "dead" ? null : HttpStatusCode.OK);
        await FillAsync(store, "dead", 5_000);
        await FillAsync(store, "good", 300);

        await using CallbackDispatcher dispatcher = Start(store, hosts, TimeProvider.System);
        await UntilAsync(async () => (await store.ReadWaitingCallbacksAsync("good", 1, default)).Count == 0);

        Assert.Equal(300, hosts.Posts["good"]);
        Assert.Equal(8, hosts.Posts["dead"]);
        Assert.Equal(new CallbackCounts(5_000, 0), await store.CountCallbacksAsync(default));
    }

    [Fact]
    public async Task Many_hosts_that_never_answer_leave_places_for_one_that_does()
    {
        FakeTimeProvider time = new();
        await using InMemoryTaskStore store = new(time);
        Hosts hosts = new(host => host == "good" ? HttpStatusCode.OK : null);
        for (int i = 0; i < 100; i++)
        {
            await FillAsync(store, $"dead{i}", 1);
        }

        await using CallbackDispatcher dispatcher = Start(store, hosts, time);
        // Until each is known to fail.
        await UntilAsync(async () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return (await store.ListCallbacksAsync(null, 100, null, default)).Callbacks.All(callback => callback.Attempts > 0);
        });
        for (int i = 0; i < 100; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(10));
            // For the threads that this sets off: nothing tells of what they don't do.
            await Task.Delay(1);
        }

        await FillAsync(store, "good", 50);
        dispatcher.Added("http://good/");
        await UntilAsync(async () => (await store.ReadWaitingCallbacksAsync("good", 1, default)).Count == 0);

        Assert.Equal(50, hosts.Posts["good"]);
    }

    [Fact]
    public async Task Host_that_fails_is_tried_with_one_result_at_a_time_and_all_are_delivered_when_it_is_well()
    {
        FakeTimeProvider time = new();
        await using InMemoryTaskStore store = new(time);
        bool isWell = false;
        Hosts hosts = new(_ => isWell ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable);
        await FillAsync(store, "h", 1_000);
        await using CallbackDispatcher dispatcher = Start(store, hosts, time);
        for (int minute = 0; minute < 60; minute++)
        {
            await AdvanceAsync(time, TimeSpan.FromMinutes(1));
        }

        // An hour at five minutes, and what came before that.
        Assert.InRange(hosts.Posts["h"], 10, 60);
        isWell = true;
        await UntilAsync(async () =>
        {
            await AdvanceAsync(time, TimeSpan.FromMinutes(10));
            return (await store.CountCallbacksAsync(default)).Waiting == 0;
        });
        Assert.Equal(1_000, dispatcher.GetMetrics().Sent);
        Assert.Equal(hosts.Posts["h"], dispatcher.GetMetrics().Sent + dispatcher.GetMetrics().Failed);
    }

    [Fact]
    public async Task Callbacks_that_nobody_takes_are_dead_after_three_days_and_counted()
    {
        FakeTimeProvider time = new();
        await using InMemoryTaskStore store = new(time);
        DateTimeOffset began = time.GetUtcNow();
        Hosts hosts = new(host => host == "down" ? HttpStatusCode.BadGateway : HttpStatusCode.NotFound);
        await FillAsync(store, "down", 20);
        await FillAsync(store, "wrong", 3);
        await using CallbackDispatcher dispatcher = Start(store, hosts, time);
        await UntilAsync(async () =>
        {
            await AdvanceAsync(time, TimeSpan.FromHours(1));
            return (await store.CountCallbacksAsync(default)).Waiting == 0;
        });

        Assert.True(time.GetUtcNow() - began >= TimeSpan.FromDays(2));
        Assert.Equal(new CallbackCounts(0, 23), await store.CountCallbacksAsync(default));
        IReadOnlyList<CallbackRecord> dead = (await store.ListCallbacksAsync(CallbackState.Dead, 100, null, default)).Callbacks;
        Assert.All(dead, callback => Assert.Equal(callback.TaskId.StartsWith("down", StringComparison.Ordinal) ? "it answered 502" : "it answered 404", callback.Error));
        await UntilAsync(() => Task.FromResult(dispatcher.GetMetrics().GivenUp == 23));
        await UntilAsync(async () =>
        {
            await AdvanceAsync(time, TimeSpan.FromSeconds(5));
            return dispatcher.GetMetrics() is { Waiting: 0, Dead: 23, Sent: 0 };
        });
    }

    [Fact]
    public async Task Host_that_may_not_be_called_any_more_is_not_and_a_result_that_is_gone_is_told()
    {
        FakeTimeProvider time = new();
        await using InMemoryTaskStore store = new(time);
        Hosts hosts = new(_ => HttpStatusCode.OK);
        await FillAsync(store, "gone", 1);
        time.Advance(TimeSpan.FromSeconds(1));
        await store.ApplyRetentionAsync(new RetentionOptions { MaxAge = TimeSpan.Zero }, default);
        await FillAsync(store, "other.example", 1);

        using ResultCallbacks callbacks = new([CallbackHost.TryParse("gone")!], hosts, time);
        await using CallbackDispatcher dispatcher = new(store, callbacks, time, NullLogger.Instance);
        dispatcher.Start();
        await UntilAsync(async () => (await store.CountCallbacksAsync(default)).Dead == 2);

        Assert.Empty(hosts.Posts);
        Assert.Equal(
            ["its host and port are not among those that this server calls back (server.callback_hosts)", "its result has been removed"],
            (await store.ListCallbacksAsync(null, 10, null, default)).Callbacks.Select(callback => callback.Error));
    }

    [Fact]
    public async Task Result_that_was_delivered_while_the_store_failed_is_not_posted_again()
    {
        FailingStore store = new();
        await using (store)
        {
            Hosts hosts = new(_ =>
            {
                store.IsAway = true;
                return HttpStatusCode.OK;
            });
            await FillAsync(store, "h", 1);
            await using CallbackDispatcher dispatcher = Start(store, hosts, TimeProvider.System);
            await store.Failed.WaitAsync(Soon);
            await Poll.UntilAsync("the store has been asked again and again", () => store.Failures >= 3);
            store.IsAway = false;

            await UntilAsync(async () => (await store.CountCallbacksAsync(default)).Waiting == 0);
            Assert.Equal(1, hosts.Posts["h"]);
        }
    }

    private static CallbackDispatcher Start(ITaskStore store, Hosts hosts, TimeProvider time)
    {
        // Not disposed: it has nothing but the handler.
        CallbackDispatcher dispatcher = new(store, new ResultCallbacks([CallbackHost.TryParse("*")!], hosts, time), time, NullLogger.Instance);
        dispatcher.Start();
        return dispatcher;
    }

    /// <summary>Ends tasks whose results are to be posted to a host.</summary>
    private static async Task FillAsync(ITaskStore store, string host, int count)
    {
        for (int i = 0; i < count; i++)
        {
            string id = $"{host}-{i}";
            await store.SubmitAsync(new TaskSubmission(new TaskSpec { TaskId = id, Code = "1" }, DateTimeOffset.UtcNow), default);
            await store.CompleteAsync(
                new TaskCompletion(new TaskResult { TaskId = id, Status = ExecutionStatus.Completed }) { CallbackUrl = $"http://{host}/" }, default);
        }
    }

    /// <summary>Lets time pass, a little at a time, with room for what is then due.</summary>
    private static async Task AdvanceAsync(FakeTimeProvider time, TimeSpan by)
    {
        for (int i = 0; i < 10; i++)
        {
            time.Advance(by / 10);
            await Task.Delay(1);
        }
    }

    private static Task UntilAsync(Func<Task<bool>> isSo) => Poll.UntilAsync("the callbacks are as they should be", isSo);

    /// <summary>All hosts there are.</summary>
    /// <param name="answer">What a host answers; null: nothing, ever.</param>
    private sealed class Hosts(Func<string, HttpStatusCode?> answer) : HttpMessageHandler
    {
        private int _atOnce;
        private int _mostAtOnce;

        /// <summary>How many posts came to each.</summary>
        public ConcurrentDictionary<string, int> Posts { get; } = [];

        public int MostAtOnce => _mostAtOnce;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string host = request.RequestUri!.Host;
            Posts.AddOrUpdate(host, 1, (_, count) => count + 1);
            int atOnce = Interlocked.Increment(ref _atOnce);
            _mostAtOnce = int.Max(_mostAtOnce, atOnce);
            await Task.Yield();
            try
            {
                if (answer(host) is not HttpStatusCode status)
                {
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                    return null!;
                }

                return new HttpResponseMessage(status);
            }
            finally
            {
                Interlocked.Decrement(ref _atOnce);
            }
        }
    }
}
