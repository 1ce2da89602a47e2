using System.Text.Json;
using Executor.Jobs;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Http;

/// <summary>A server's jobs over HTTP.</summary>
public sealed class HttpJobsTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private static readonly JsonElement Hold = JsonSerializer.SerializeToElement(new { hold = true });

    private readonly InMemoryTaskStore _store = new(TimeProvider.System);
    private ServedEngine _served = null!;

    private IJobService Jobs => _served.Http.Jobs;

    public async ValueTask InitializeAsync() => _served = await ServedEngine.StartAsync(_store);

    public async ValueTask DisposeAsync()
    {
        await _served.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Job_is_begun_waited_for_and_told_with_its_log()
    {
        JobRecord begun = await Jobs.StartAsync("count", default(JsonElement), None);

        JobRecord? ended = await Jobs.WaitAsync(begun.JobId, Soon, None);

        Assert.Equal((begun.JobId, "count", ExecutionStatus.Completed, 1.0), (ended?.JobId, ended?.Type, ended?.Status, ended?.Progress));
        Assert.Equal(begun.CreatedAt, ended?.CreatedAt);
        Assert.NotNull(ended?.EndedAt);
        Assert.Equal(ended, await Jobs.GetAsync(begun.JobId, None));
        Assert.Equal([ended], await Jobs.ListAsync(10, None));
        Assert.Contains("one", await Jobs.GetLogAsync(begun.JobId, None), StringComparison.Ordinal);
        Assert.Equal(CancelOutcome.AlreadyEnded, await Jobs.CancelAsync(begun.JobId, None));
    }

    [Fact]
    public async Task Same_job_is_joined_and_cancelled_once()
    {
        JobRecord first = await Jobs.StartAsync("count", Hold, None);
        JobRecord second = await Jobs.StartAsync("count", Hold, None);
        Assert.Equal(first.JobId, second.JobId);
        Assert.Null(await Jobs.WaitAsync(first.JobId, TimeSpan.FromMilliseconds(50), None));

        Assert.Contains(await Jobs.CancelAsync(first.JobId, None), (CancelOutcome[])[CancelOutcome.Requested, CancelOutcome.Cancelled]);

        Assert.Equal(ExecutionStatus.Cancelled, (await Jobs.WaitAsync(first.JobId, Soon, None))?.Status);
        Assert.Equal(CancelOutcome.AlreadyEnded, await Jobs.CancelAsync(first.JobId, None));
    }

    [Fact]
    public async Task What_is_not_there_is_null_and_what_is_not_valid_is_named()
    {
        Assert.Null(await Jobs.GetAsync("nobody", None));
        Assert.Null(await Jobs.GetLogAsync("nobody", None));
        Assert.Null(await Jobs.WaitAsync("nobody", Soon, None));
        Assert.Equal(CancelOutcome.NotFound, await Jobs.CancelAsync("nobody", None));
        InvalidInputException unknown = await Assert.ThrowsAsync<InvalidInputException>(() => Jobs.StartAsync("nonsense", null, None));
        InvalidInputException wrong = await Assert.ThrowsAsync<InvalidInputException>(() => Jobs.StartAsync("count", JsonSerializer.SerializeToElement(7), None));
        Assert.Equal(("type", "params"), (Assert.Single(unknown.Faults).Field, Assert.Single(wrong.Faults).Field));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Jobs.ListAsync(0, None));
    }
}
