namespace Executor.Api.Hosting;

public sealed class KestrelLimitsTests
{
    [Theory]
    [InlineData(null, 10_000)]
    [InlineData(1_048_576, 10_000)]
    [InlineData(20_000, 5_000)]
    [InlineData(1_024, 256)]
    public void Connections_and_executors_leave_half_of_the_files(int? files, int connections) =>
        Assert.Equal(connections, KestrelLimits.ConnectionsFor(files));

    [Theory]
    [InlineData("Max open files            1024                 4096                 files     ", 1_024)]
    [InlineData("Max open files            unlimited            unlimited            files     ", null)]
    [InlineData("Max locked memory         8388608              8388608              bytes     ", null)]
    public void Limit_is_the_soft_one(string line, int? limit) => Assert.Equal(limit, OpenFiles.Read(["Limit   Soft Limit   Hard Limit   Units", line]));

    [Fact]
    public void Own_limit_is_known() => Assert.True(!OperatingSystem.IsLinux() || OpenFiles.Limit() > 0);
}
