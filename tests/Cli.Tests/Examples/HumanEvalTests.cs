using System.Text.Json;
using Executor.Cli.Batch;

namespace Executor.Cli.Examples;

/// <summary>The example that scores HumanEval, on the problems there are.</summary>
public sealed class HumanEvalTests : CliTest
{
    [Fact]
    public async Task Canonical_solutions_all_complete()
    {
        List<JsonElement> results = await RunAsync();

        Assert.Equal(HumanEvalProblems.Count, results.Count);
        Assert.All(results, result => Assert.Equal(("COMPLETED", 0), (result.Status(), result.GetProperty("exit_code").GetInt32())));
    }

    [Fact]
    public async Task Empty_solutions_all_fail_with_the_name_of_an_exception()
    {
        List<JsonElement> results = await RunAsync("--body", "    pass");

        Assert.Equal(HumanEvalProblems.Count, results.Count);
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
        CliOutput tasks = await CliProcess.RunProgramAsync("python3", [HumanEvalProblems.Example, "--body", body, "problems.jsonl"], Folder.Path);
        Folder.Write("tasks.jsonl", tasks.Stdout);

        JsonElement result = Assert.Single(BatchFile.Results((await ExecutorAsync("batch", "tasks.jsonl")).Stdout));

        Assert.Equal(status, result.Status());
        Assert.Equal(error, error is null ? null : result.Error("type"));
    }

    private async Task<List<JsonElement>> RunAsync(params string[] options)
    {
        Folder.Write("tasks.jsonl", await HumanEvalProblems.WriteAsync(options));
        CliOutput output = await ExecutorAsync("batch", "tasks.jsonl", "--parallel", "4");
        return BatchFile.Results(output.Stdout);
    }
}
