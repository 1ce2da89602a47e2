using System.Diagnostics;
using System.Text;
using Executor.Runners.ContractTests;
using Executor.Runners.Docker.Tests.Engine;
using Executor.Tasks;

namespace Executor.Runners.Docker.Tests;

/// <summary>The programs of HumanEval in containers. EXECUTOR_HUMANEVAL names the problems' file.</summary>
[Needs(typeof(HumanEvalProblems))]
public sealed class HumanEvalTests(EngineFixture engine) : DockerTest(engine)
{
    [RunnerFact]
    public async Task Canonical_solutions_all_complete()
    {
        List<TaskSpec> tasks = await HumanEvalProblems.TasksAsync();
        TaskResult[] results = new TaskResult[tasks.Count];
        await System.Threading.Tasks.Parallel.ForAsync(0, tasks.Count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (index, token) =>
            results[index] = await Docker.RunAsync(tasks[index], Python, cancellationToken: token));

        Assert.Equal(164, results.Length);
        Assert.All(results, Completed);
    }
}

internal static class HumanEvalProblems
{
    public static string? WhyNot => Dockerd.WhyNot ?? (Path is null ? "EXECUTOR_HUMANEVAL does not name a HumanEval.jsonl" : null);

    private static string? Path => Environment.GetEnvironmentVariable("EXECUTOR_HUMANEVAL") is { Length: > 0 } path ? path : null;

    /// <summary>The tasks that the example makes of the problems.</summary>
    public static async Task<List<TaskSpec>> TasksAsync()
    {
        string example = System.IO.Path.Combine(AppContext.BaseDirectory, "make_tasks.py");
        using Process making = Process.Start(new ProcessStartInfo("python3", [example, Path!]) { RedirectStandardOutput = true })!;
        string lines = await making.StandardOutput.ReadToEndAsync();
        await making.WaitForExitAsync();
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => TaskSpecReader.Read(Encoding.UTF8.GetBytes(line)).Task!)];
    }
}
