using Executor.Tasks;

namespace Executor.Scheduling;

public sealed class TaskRequirementsTests
{
    [Fact]
    public void Task_that_asks_for_nothing_takes_a_slot() =>
        Assert.Same(TaskRequirements.None, TaskRequirements.Of(new TaskSpec { Code = "1", Capabilities = [] }));

    [Fact]
    public void Everything_asked_for_is_read()
    {
        TaskRequirements needs = TaskRequirements.Of(new TaskSpec
        {
            Runner = RunnerKind.Docker,
            Executor = "docker_python_default",
            Capabilities = ["torch", "gpu"],
            Resources = new ResourceRequest { Cpus = 1.5, MemoryMb = 512, Gpus = 2 },
        });

        Assert.Equal(RunnerKind.Docker, needs.Runner);
        Assert.Equal("docker_python_default", needs.CodeExecutor);
        Assert.Equal(NameSet.Of("gpu", "torch"), needs.Capabilities);
        Assert.Equal(new ResourceAmounts(1, 1500, 512, 2), needs.Resources);
    }

    [Fact]
    public void Memory_that_is_not_asked_for_is_not_counted() =>
        Assert.Equal(
            new ResourceAmounts(1, 1000, 0, 0), TaskRequirements.Of(new TaskSpec { Resources = new ResourceRequest() }).Resources);

    [Fact]
    public void Equal_requests_make_equal_requirements()
    {
        TaskSpec task = new() { Capabilities = ["gpu"], Resources = new ResourceRequest { Cpus = 0.1 } };

        Assert.Equal(TaskRequirements.Of(task), TaskRequirements.Of(task with { Code = "2" }));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 0)]
    [InlineData(0.0001, 1)]
    [InlineData(0.29, 290)]
    [InlineData(2, 2000)]
    [InlineData(1e300, int.MaxValue - 1)]
    public void Cpus_are_counted_in_thousandths(double cpus, int millis) => Assert.Equal(millis, ResourceAmounts.Millis(cpus));
}
