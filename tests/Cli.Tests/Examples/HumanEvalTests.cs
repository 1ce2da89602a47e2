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

    private async Task<List<JsonElement>> RunAsync(params string[] options)
    {
        Folder.Write("tasks.jsonl", await HumanEvalProblems.WriteAsync(options));
        CliOutput output = await ExecutorAsync("batch", "tasks.jsonl", "--parallel", "4");
        return BatchFile.Results(output.Stdout);
    }
}
