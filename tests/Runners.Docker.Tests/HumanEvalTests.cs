using Executor.Runners.Docker.Tests.Engine;
using Executor.Tasks;

namespace Executor.Runners.Docker.Tests;

/// <summary>The programs of HumanEval in containers.</summary>
public sealed class HumanEvalTests(EngineFixture engine) : DockerTest(engine)
{
    [Fact]
    public async Task Canonical_solutions_all_complete()
    {
        // A sample: all of them run in the sandbox, by tests of the command line.
        List<TaskSpec> tasks = [.. (await HumanEvalProblems.TasksAsync()).Where((_, index) => index % 4 == 0)];
        TaskResult[] results = new TaskResult[tasks.Count];
        await System.Threading.Tasks.Parallel.ForAsync(0, tasks.Count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (index, token) =>
            results[index] = await Docker.RunAsync(tasks[index], Python, cancellationToken: token));

        Assert.NotEmpty(results);
        Assert.All(results, Completed);
    }
}
