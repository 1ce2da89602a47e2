using Executor.Engine;
using Executor.Engine.Sessions;
using Executor.Jobs;
using Executor.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Grains.Scheduling;

public sealed class SchedulerHostTests
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);
    private readonly TaskCompletionSource<SchedulerEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Host_that_cannot_open_its_store_gives_way()
    {
        await using SchedulerHost host = Start(_ => throw new StorageException("away", isTransient: true));

        Assert.Equal(SchedulerEnd.StoreLost, await _ended.Task.WaitAsync(TimeLimit));
        Assert.Null(host.Engine);
    }

    [Fact]
    public async Task Host_that_loses_its_store_gives_way()
    {
        TaskCompletionSource lost = new();
        await using SchedulerHost host = Start(claim =>
        {
            claim.Make(1, async stop =>
            {
                await lost.Task.WaitAsync(stop);
                throw new StorageException("away", isTransient: true);
            });
            return new InMemoryTaskStore(TimeProvider.System);
        });
        Assert.False(_ended.Task.IsCompleted);

        lost.SetResult();

        Assert.Equal(SchedulerEnd.StoreLost, await _ended.Task.WaitAsync(TimeLimit));
        Assert.Null(host.Engine);
    }

    [Fact]
    public async Task Host_that_was_superseded_says_so()
    {
        await using SchedulerHost host = Start(claim =>
        {
            claim.Make(1, _ =>
            {
                claim.Lose();
                return Task.CompletedTask;
            });
            return new InMemoryTaskStore(TimeProvider.System);
        });

        Assert.Equal(SchedulerEnd.Superseded, await _ended.Task.WaitAsync(TimeLimit));
        Assert.Null(host.Engine);
    }

    private SchedulerHost Start(Func<WriterClaim, ITaskStore> open) =>
        new("q-test/0", "test", new Resources(open), NullLogger.Instance, _ended.SetResult);

    private sealed class Resources(Func<WriterClaim, ITaskStore> open) : IQueueResources
    {
        public IEnumerable<IJobType> JobTypes => [];

        public SessionHost SessionsOf(string queue) => throw new NotSupportedException();

        public EngineOptions OptionsOf(string queue) => new();

        public TimeProvider TimeOf(string queue) => TimeProvider.System;

        public ValueTask<ITaskStore> OpenAsync(string queue, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ITaskStore> OpenAsync(string queue, WriterClaim claim, CancellationToken cancellationToken) => Task.FromResult(open(claim));
    }
}
