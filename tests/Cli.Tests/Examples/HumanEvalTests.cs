using System.Text.Json;
using Executor.Cli.Batch;

namespace Executor.Cli.Examples;

/// <summary>The example that scores HumanEval, on the 164 real problems.</summary>
public sealed class HumanEvalTests : CliTest
{
    [HumanEvalFact]
    public async Task Canonical_solutions_all_complete()
    {
        List<JsonElement> results = await RunAsync();

        Assert.Equal(164, results.Count);
        Assert.All(results, result => Assert.Equal(("COMPLETED", 0), (result.Status(), result.GetProperty("exit_code").GetInt32())));
    }

    [HumanEvalFact]
    public async Task Empty_solutions_all_fail_with_the_name_of_an_exception()
    {
        List<JsonElement> results = await RunAsync("--body", "    pass");

        Assert.Equal(164, results.Count);
        Assert.All(results, result => Assert.Equal("FAILED", result.Status()));
        Assert.All(results, result => Assert.EndsWith("Error", result.Error("type"), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("    return n + 1", "COMPLETED", null)]
    [InlineData("    return n", "FAILED", "AssertionError")]
    [InlineData("    import sys; sys.exit(0)", "FAILED", "result_error")]
    [InlineData("    import sys; sys.exit()", "FAILED", "result_error")]
    [InlineData("    import os; os._exit(0)", "FAILED", "result_error")]
    [InlineData("    raise SystemExit", "FAILED", "result_error")]
    [InlineData("    quit()", "FAILED", "result_error")]
    [InlineData("    pass\nimport sys; sys.exit(0)", "FAILED", "result_error")]
    [InlineData("    pass\nimport os; os._exit(0)", "FAILED", "result_error")]
    [InlineData("    import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "FAILED", "signal")]
    [InlineData("    pass\n  bad indent", "FAILED", "IndentationError")]
    public async Task Only_an_answer_whose_check_has_returned_passes(string body, string status, string? error)
    {
        Folder.Write("problems.jsonl", """{"task_id": "T/0", "prompt": "def next(n):\n", "entry_point": "next", "canonical_solution": "", "test": "def check(candidate):\n    assert candidate(1) == 2\n"}""");
        CliOutput tasks = await CliProcess.RunProgramAsync("python3", [HumanEvalExample.Program, "--body", body, "problems.jsonl"], Folder.Path);
        Folder.Write("tasks.jsonl", tasks.Stdout);

        JsonElement result = Assert.Single(BatchFile.Results((await ExecutorAsync("batch", "tasks.jsonl")).Stdout));

        Assert.Equal(status, result.Status());
        Assert.Equal(error, error is null ? null : result.Error("type"));
    }

    private async Task<List<JsonElement>> RunAsync(params string[] options)
    {
        await HumanEvalExample.WriteTasksAsync(Folder, options);
        CliOutput output = await ExecutorAsync("batch", "tasks.jsonl", "--parallel", "4");
        return BatchFile.Results(output.Stdout);
    }
}

/// <summary>The example's tasks.</summary>
internal static class HumanEvalExample
{
    public static readonly string Program = Path.Combine(AppContext.BaseDirectory, "make_tasks.py");

    /// <summary>Writes them as <c>tasks.jsonl</c>.</summary>
    public static async Task WriteTasksAsync(TemporaryFolder folder, params string[] options)
    {
        CliOutput tasks = await CliProcess.RunProgramAsync("python3", [Program, .. options, HumanEvalFactAttribute.Problems!], folder.Path);
        Assert.Equal(0, tasks.ExitCode);
        folder.Write("tasks.jsonl", tasks.Stdout);
    }
}

/// <summary>A fact that needs the problems: EXECUTOR_HUMANEVAL names their file.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HumanEvalFactAttribute : FactAttribute
{
    public HumanEvalFactAttribute()
    {
        if (Problems is null && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Skip = "EXECUTOR_HUMANEVAL does not name a HumanEval.jsonl";
        }
    }

    public static string? Problems => Environment.GetEnvironmentVariable("EXECUTOR_HUMANEVAL") is { Length: > 0 } path ? path : null;
}
