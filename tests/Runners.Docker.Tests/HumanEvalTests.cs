using Executor.Runners.Docker.Tests.Engine;
using Executor.Tasks;

namespace Executor.Runners.Docker.Tests;

/// <summary>The programs of HumanEval in containers.</summary>
public sealed class HumanEvalTests(EngineFixture engine) : DockerTest(engine)
{
    [Fact]
    public async Task Canonical_solutions_all_complete()
    {
        List<TaskSpec> tasks = await HumanEvalProblems.TasksAsync();
        TaskResult[] results = new TaskResult[tasks.Count];
        await System.Threading.Tasks.Parallel.ForAsync(0, tasks.Count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (index, token) =>
            results[index] = await Docker.RunAsync(tasks[index], Python, cancellationToken: token));

        Assert.Equal(HumanEvalProblems.Count, results.Length);
        Assert.All(results, Completed);
    }
}
