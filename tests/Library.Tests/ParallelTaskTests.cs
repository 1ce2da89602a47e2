using Executor.Tasks;

namespace Executor.Library;

public sealed class ParallelTaskTests
{
    [Fact]
    public void Task_without_an_id_gets_one() => Assert.NotEqual("", new ParallelTask(new TaskSpec { Code = "1" }).Id);

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void Spec_that_contradicts_its_function_is_refused(TaskSpec spec) =>
        Assert.Throws<ArgumentException>(() => new ParallelTask(spec, (_, _) => Task.FromResult<object?>(null)));

    public static TheoryData<TaskSpec> Contradictions() =>
    [
        new TaskSpec { TaskId = "" },
        new TaskSpec { Code = "print(1)" },
        new TaskSpec { Entrypoint = "a:b" },
        new TaskSpec { Cache = new CacheOptions() },
    ];

    [Fact]
    public void Value_of_a_task_that_is_no_parent_is_asked_in_vain()
    {
        ParallelCall call = new("a", 1, null, new Dictionary<string, TaskResult>());

        Assert.Contains("'a' does not depend on 'b'", Assert.Throws<KeyNotFoundException>(() => call.ValueOf<int>("b")).Message, StringComparison.Ordinal);
    }
}
