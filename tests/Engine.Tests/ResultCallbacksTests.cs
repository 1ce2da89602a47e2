using System.Collections.Concurrent;
using System.Net;
using Executor.Executors;
using Executor.Storage;
using Executor.Tasks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Engine;

public sealed class ResultCallbacksTests
{
    [Fact]
    public async Task Result_is_posted_and_tried_again_when_the_host_refuses()
    {
        Receiver receiver = new(HttpStatusCode.InternalServerError, HttpStatusCode.OK);
        FakeTimeProvider time = new();
        await using ResultCallbacks callbacks = new(["hook.example"], receiver, time, NullLogger.Instance);
        await using InMemoryTaskStore store = new(time);
        await using EngineHost host = await EngineHost.StartAsync(store, new EngineOptions { Callbacks = callbacks }, time);
        FakeExecutor executor = await FakeExecutor.JoinAsync(host.Engine);
        await host.Engine.SubmitAsync(
            [new TaskSpec { TaskId = "t", Code = "x", Language = "python", CallbackUrl = "http://hook.example/done?x=1" }], CancellationToken.None);

        TaskAssignment given = await executor.NextAsync();
        await executor.CompleteAsync(given, "posted");
        while (receiver.Bodies.Count < 2)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1);
        }

        Assert.All(receiver.Bodies, body => Assert.Contains("\"stdout\":\"posted\"", body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Host_that_is_not_named_is_never_called()
    {
        Receiver receiver = new();
        await using (ResultCallbacks callbacks = new(["hook.example"], receiver, TimeProvider.System, NullLogger.Instance))
        {
            callbacks.Post("http://169.254.169.254/latest", new TaskResult { TaskId = "t", Status = ExecutionStatus.Completed });
        }

        Assert.Empty(receiver.Bodies);
    }

    [Theory]
    [InlineData("http://hook.example/x", null)]
    [InlineData("http://HOOK.example/x", null)]
    [InlineData("http://other.example/x", "'other.example'")]
    public void Callback_to_a_host_that_is_not_named_is_a_fault(string url, string? named)
    {
        ValidationFault? fault = ResultCallbacks.FaultOf(new TaskSpec { CallbackUrl = url }, ["hook.example"]);

        Assert.Equal(named is null, fault is null);
        Assert.Contains(named ?? "", fault?.Message ?? "", StringComparison.Ordinal);
        Assert.Null(ResultCallbacks.FaultOf(new TaskSpec { CallbackUrl = url }, ["*"]));
        Assert.Contains("server.callback_hosts", ResultCallbacks.FaultOf(new TaskSpec { CallbackUrl = url }, [])!.Message, StringComparison.Ordinal);
    }

    private sealed class Receiver(params HttpStatusCode[] answers) : HttpMessageHandler
    {
        private int _calls;

        public ConcurrentQueue<string> Bodies { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Bodies.Enqueue(await request.Content!.ReadAsStringAsync(cancellationToken));
            return new HttpResponseMessage(answers[Interlocked.Increment(ref _calls) - 1]);
        }
    }
}
