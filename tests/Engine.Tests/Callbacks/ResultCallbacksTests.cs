using System.Collections.Concurrent;
using System.Net;
using Executor.Execution;
using Executor.Executors;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine.Callbacks;

public sealed class ResultCallbacksTests
{
    [Fact]
    public async Task Result_is_posted_and_tried_again_when_the_host_refuses()
    {
        Receiver receiver = new(HttpStatusCode.InternalServerError, HttpStatusCode.OK);
        FakeTimeProvider time = new();
        using ResultCallbacks callbacks = new([CallbackHost.TryParse("hook.example")!], receiver, time);
        await using InMemoryTaskStore store = new(time);
        await using EngineHost host = await EngineHost.StartAsync(store, new EngineOptions { Callbacks = callbacks }, time);
        FakeExecutor executor = await FakeExecutor.JoinAsync(host.Engine);
        await host.Engine.SubmitAsync(
            [new TaskSpec { TaskId = "t", Code = "x", Language = "python", CallbackUrl = "http://hook.example/done?x=1" }], CancellationToken.None);

        TaskAssignment given = await executor.NextAsync();
        await executor.CompleteAsync(given, "posted");
        await Poll.UntilAsync("it has come twice", () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return receiver.Bodies.Count == 2;
        });

        Assert.All(receiver.Bodies, body => Assert.Contains("\"stdout\":\"posted\"", body, StringComparison.Ordinal));
        string id = (await store.GetResultAsync("t", CancellationToken.None))!.Id.ToString();
        Assert.Equal([(id, "1"), (id, "2")], receiver.Marks);
        await Poll.UntilAsync("none waits", async () => (await store.CountCallbacksAsync(CancellationToken.None)).Waiting == 0);

        CallbackMetrics metrics = (await host.Engine.GetMetricsAsync(CancellationToken.None)).Callbacks!;
        Assert.Equal((1, 0), (metrics.Failed, metrics.GivenUp));
    }

    [Theory]
    [InlineData("http://HOOK.example/x", null)]
    [InlineData("http://hook.example:81/x", null)]
    [InlineData("http://hook.example:82/x", "hook.example:82")]
    [InlineData("http://other.example/x", "other.example")]
    [InlineData("http://[::1]:81/x", "[::1]:81")]
    public void Callback_to_a_host_or_port_that_is_not_named_is_a_fault_that_says_which_entry_would_allow_it(string url, string? entry)
    {
        TaskSpec task = new() { CallbackUrl = url };
        ValidationFault? fault = ResultCallbacks.FaultOf(task, Hosts("hook.example", "hook.example:81"));

        Assert.Equal(entry is null, fault is null);
        if (entry is not null)
        {
            Assert.Equal("callback_url", fault!.Field);
            Assert.Contains($"calls back: hook.example, hook.example:81; the entry '{entry}' of server.callback_hosts would allow it", fault.Message, StringComparison.Ordinal);
            Assert.Null(ResultCallbacks.FaultOf(task, Hosts(entry)));
            Assert.Contains($"server.callback_hosts is empty; the entry '{entry}' would allow it", ResultCallbacks.FaultOf(task, [])!.Message, StringComparison.Ordinal);
        }

        Assert.Null(ResultCallbacks.FaultOf(task, Hosts("*")));
    }

    private static CallbackHost[] Hosts(params string[] entries) => [.. entries.Select(entry => CallbackHost.TryParse(entry)!)];

    private sealed class Receiver(params HttpStatusCode[] answers) : HttpMessageHandler
    {
        private int _calls;

        public ConcurrentQueue<string> Bodies { get; } = [];

        public ConcurrentQueue<(string Id, string Attempt)> Marks { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Marks.Enqueue((request.Headers.GetValues("Executor-Callback-Id").Single(), request.Headers.GetValues("Executor-Callback-Attempt").Single()));
            Bodies.Enqueue(await request.Content!.ReadAsStringAsync(cancellationToken));
            return new HttpResponseMessage(answers[Interlocked.Increment(ref _calls) - 1]);
        }
    }
}
