using System.Net;
using System.Threading.Channels;
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
        ObservedTime time = new();
        await using ResultCallbacks callbacks = new(["hook.example"], receiver, time, NullLogger.Instance);
        await using InMemoryTaskStore store = new(time);
        await using EngineHost host = await EngineHost.StartAsync(store, new EngineOptions { Callbacks = callbacks }, time);
        FakeExecutor executor = await FakeExecutor.JoinAsync(host.Engine);
        await host.Engine.SubmitAsync(
            [new TaskSpec { TaskId = "t", Code = "x", Language = "python", CallbackUrl = "http://hook.example/done?x=1" }], CancellationToken.None);

        TaskAssignment given = await executor.NextAsync();
        await executor.CompleteAsync(given, "posted");
        string first = await receiver.NextAsync();
        await time.WaitedForAsync(TimeSpan.FromSeconds(1));
        time.Advance(TimeSpan.FromSeconds(1));
        string again = await receiver.NextAsync();

        Assert.All([first, again], body => Assert.Contains("\"stdout\":\"posted\"", body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Host_that_is_not_named_is_never_called()
    {
        Receiver receiver = new();
        await using (ResultCallbacks callbacks = new(["hook.example"], receiver, TimeProvider.System, NullLogger.Instance))
        {
            callbacks.Post("http://169.254.169.254/latest", new TaskResult { TaskId = "t", Status = ExecutionStatus.Completed });
        }

        Assert.False(receiver.Bodies.Reader.TryRead(out _));
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

        public Channel<string> Bodies { get; } = Channel.CreateUnbounded<string>();

        public Task<string> NextAsync() => Bodies.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Bodies.Writer.TryWrite(await request.Content!.ReadAsStringAsync(cancellationToken));
            return new HttpResponseMessage(answers[Interlocked.Increment(ref _calls) - 1]);
        }
    }
}
