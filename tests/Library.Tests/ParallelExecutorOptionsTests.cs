using Executor.Tasks;

namespace Executor.Library;

public sealed class ParallelExecutorOptionsTests
{
    [Fact]
    public void Options_out_of_range_are_all_named()
    {
        ParallelExecutorOptions options = new() { MaxWorkers = 0, MaxConcurrentTasks = -1, MemoryMb = 0, Timeout = TimeSpan.Zero, MaxQueue = 0, Mode = (ParallelMode)9 };

        InvalidInputException refused = Assert.Throws<InvalidInputException>(() => new ParallelExecutor(options));

        Assert.Equal(["MaxWorkers", "MaxConcurrentTasks", "MaxQueue", "MemoryMb", "Timeout", "Mode"], refused.Faults.Select(fault => fault.Field));
    }
}
