namespace Executor.Cli.Batch;

public sealed class WriteBacklogTests
{
    [Fact]
    public async Task Nobody_waits_until_more_than_the_most_are_in_hand_and_then_until_they_are_fewer()
    {
        WriteBacklog backlog = new(most: 2);
        backlog.Enter();
        backlog.Enter();
        Assert.True(backlog.WaitAsync(CancellationToken.None).IsCompletedSuccessfully);
        backlog.Enter();
        Task first = backlog.WaitAsync(CancellationToken.None);
        backlog.Enter();
        Task second = backlog.WaitAsync(CancellationToken.None);
        backlog.Leave();
        Assert.False(first.IsCompleted || second.IsCompleted);
        backlog.Leave();
        await Task.WhenAll(first, second).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.True(backlog.WaitAsync(CancellationToken.None).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Waiting_is_broken_off()
    {
        WriteBacklog backlog = new(most: 0);
        backlog.Enter();
        using CancellationTokenSource stop = new();
        Task waiting = backlog.WaitAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }
}
