using System.Text;
using System.Text.Json;

namespace Executor.Cli.Batch;

public sealed class BatchWorkflowTests : CliTest
{
    [Fact]
    public async Task Tasks_run_after_those_they_depend_on_wherever_they_are_in_the_file()
    {
        string trace = JsonSerializer.Serialize(Folder.At("trace"));
        string Leave(string id) => $"open({trace}, 'a').write('{id} ')";
        Folder.Write("tasks.jsonl", Task("last", Leave("last"), "left", "right") + Task("left", Leave("left"), "first") + Task("first", Leave("first")) + Task("right", Leave("right"), "first"));
        CliOutput output = await BatchAsync();
        Assert.Equal(0, output.ExitCode);
        string[] order = Folder.Read("trace").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(("first", "last", 4), (order[0], order[^1], order.Length));
    }

    [Fact]
    public async Task What_depends_on_a_failed_task_fails_and_names_it()
    {
        Folder.Write("tasks.jsonl", Task("bad", "raise SystemExit(3)") + Task("child", "print(1)", "bad") + Task("grandchild", "print(1)", "child") + Task("other", "print(1)"));
        CliOutput output = await BatchAsync();
        Assert.Equal(1, output.ExitCode);
        Dictionary<string, JsonElement> results = Results();
        Assert.Equal(["dependency", "dependency"], new[] { "child", "grandchild" }.Select(id => results[id].Error("type")));
        Assert.Contains("'bad'", results["child"].Error("message"), StringComparison.Ordinal);
        Assert.Equal("COMPLETED", results["other"].Status());
    }

    [Fact]
    public async Task Unknown_parent_a_cycle_and_an_id_twice_cost_only_the_tasks_that_have_them()
    {
        Folder.Write(
            "tasks.jsonl",
            Task("good", "print(1)") + Task("lost", "print(1)", "nobody") + Task("a", "print(1)", "b") + Task("b", "print(1)", "a") + Task("good", "print(2)") + Task("child", "print(3)", "good"));
        CliOutput output = await BatchAsync();
        Assert.Equal(1, output.ExitCode);
        ILookup<string, JsonElement> results = BatchFile.Results(Folder.Read("results.jsonl")).ToLookup(BatchFile.Id);
        Assert.Contains("names 'nobody', which does not exist", Assert.Single(results["lost"]).Error("message"), StringComparison.Ordinal);
        Assert.All(["a", "b"], id => Assert.Equal("invalid_task", Assert.Single(results[id]).Error("type")));
        Assert.Equal(["COMPLETED", "FAILED"], results["good"].Select(BatchFile.Status).Order());
        Assert.Equal("COMPLETED", Assert.Single(results["child"]).Status());
    }

    [Fact]
    public async Task Parents_may_have_ended_long_before_their_children_are_read()
    {
        using CliProcess process = CliProcess.Start(Folder.Path, ["batch", "-", "--no-sandbox"]);
        await WriteAsync(Task("good", "print(1)") + Task("bad", "raise SystemExit(1)"));
        await process.SeeAsync("\"good\"");
        await process.SeeAsync("\"bad\"");
        await WriteAsync(Task("after-good", "print(2)", "good") + Task("after-bad", "print(3)", "bad", "good"));
        process.StandardInput.Close();
        Dictionary<string, JsonElement> results = BatchFile.Results((await process.WaitAsync()).Stdout).ToDictionary(BatchFile.Id);
        Assert.Equal("2\n", results["after-good"].GetProperty("stdout").GetString());
        Assert.Equal("dependency", results["after-bad"].Error("type"));

        async Task WriteAsync(string text)
        {
            await process.StandardInput.WriteAsync(Encoding.UTF8.GetBytes(text));
            await process.StandardInput.FlushAsync();
        }
    }

    [Fact]
    public async Task Resume_knows_how_parents_ended_before()
    {
        Folder.Write("tasks.jsonl", Task("good", "print(1)") + Task("bad", "raise SystemExit(1)"));
        await BatchAsync();
        Folder.Write("tasks.jsonl", Task("good", "print(1)") + Task("bad", "raise SystemExit(1)") + Task("x", "print('x')", "good") + Task("y", "print('y')", "bad"));
        CliOutput output = await BatchAsync("--resume");
        Assert.Equal(1, output.ExitCode);
        Dictionary<string, JsonElement> results = Results();
        Assert.Equal("x\n", results["x"].GetProperty("stdout").GetString());
        Assert.Equal("dependency", results["y"].Error("type"));
    }

    private static string Task(string id, string code, params string[] parents) =>
        JsonSerializer.Serialize(new { task_id = id, language = "python", code, depends_on = parents }) + "\n";

    private Task<CliOutput> BatchAsync(params string[] options) =>
        ExecutorAsync(["batch", "tasks.jsonl", "--no-sandbox", "--out", "results.jsonl", .. options]);

    private Dictionary<string, JsonElement> Results() => BatchFile.Results(Folder.Read("results.jsonl")).ToDictionary(BatchFile.Id);
}
