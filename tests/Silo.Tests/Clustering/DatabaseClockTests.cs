using Executor.Clocks;
using Microsoft.Extensions.Logging;

namespace Executor.Silo.Clustering;

/// <summary>A silo whose clock is not the database's.</summary>
public sealed class DatabaseClockTests
{
    [Fact]
    public async Task Silo_whose_clock_is_off_says_so_with_both_and_once_more_when_it_is_right()
    {
        Requirement.Postgres();
        await using ThrowawayCluster postgres = await ThrowawayCluster.StartNewAsync(PostgresServer.Folder);
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(1));
        WarningLog log = new(LogLevel.Information);
        string here = $"{time.GetUtcNow():u}";
        await using (DatabaseClock.Watch(postgres.ConnectionString, new SteadyTime(time), log))
        {
            Assert.StartsWith($"The clock of this silo is 01:00:00 behind the database's: it is {here} here and ", await log.NextAsync(), StringComparison.Ordinal);
            time.Advance(TimeSpan.FromHours(1));

            Assert.Equal("The clock of this silo and the database's are the same again", await log.NextAsync());
        }
    }
}
