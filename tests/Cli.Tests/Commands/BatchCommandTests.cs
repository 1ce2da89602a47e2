using System.Text.Json;
using Executor.Cli.Batch;

namespace Executor.Cli.Commands;

public sealed class BatchCommandTests : CliTest
{
    [Fact]
    public async Task Batch_writes_a_result_for_each_task_and_exits_with_0_when_all_completed()
    {
        Folder.Write("tasks.jsonl", BatchFile.Of(("a", "print(1)"), ("b", "print(2)"), ("c", "print(3)")));
        CliOutput output = await ExecutorAsync("batch", "tasks.jsonl", "--no-sandbox");
        Assert.Equal(0, output.ExitCode);
        Assert.Equal("executor: 3 completed, 0 failed", output.Stderr[.."executor: 3 completed, 0 failed".Length]);
        List<JsonElement> results = BatchFile.Results(output.Stdout);
        Assert.Equal(
            ["a 1\n COMPLETED", "b 2\n COMPLETED", "c 3\n COMPLETED"],
            results.OrderBy(BatchFile.Id).Select(result => $"{result.Id()} {result.GetProperty("stdout").GetString()} {result.Status()}"));
    }

    [Fact]
    public async Task Batch_exits_with_1_when_a_task_failed()
    {
        Folder.Write("tasks.jsonl", BatchFile.Of(("good", "pass"), ("bad", "raise LookupError('x')")));
        CliOutput output = await ExecutorAsync("batch", "tasks.jsonl", "--no-sandbox", "--out", "results.jsonl");
        Assert.Equal((1, ""), (output.ExitCode, output.Stdout));
        JsonElement bad = BatchFile.Results(Folder.Read("results.jsonl")).Single(result => result.Id() == "bad");
        Assert.Equal(("FAILED", "LookupError"), (bad.Status(), bad.Error("type")));
    }

    [Fact]
    public async Task Batch_starts_the_highest_priority_first_and_equals_in_the_order_of_the_file()
    {
        int[] priorities = [0, 5, -1, 5, 9, 0];
        Folder.Write("tasks.jsonl", string.Concat(priorities.Select((priority, index) =>
            $"{{\"task_id\":\"t{index}\",\"priority\":{priority},\"language\":\"bash\",\"code\":\"\"}}\n")));
        CliOutput output = await ExecutorAsync("batch", "tasks.jsonl", "--no-sandbox", "--parallel", "1");
        Assert.Equal(["t4", "t1", "t3", "t0", "t5", "t2"], BatchFile.Results(output.Stdout).Select(BatchFile.Id));
    }

    [Fact]
    public async Task Batch_runs_as_many_at_once_as_asked()
    {
        // Each of the two waits for the file that the other makes.
        string meet = Folder.At("meet");
        Directory.CreateDirectory(meet);
        string Wait(string own, string other) =>
            $"import os, time\nopen({JsonSerializer.Serialize(Path.Combine(meet, own))}, 'w').close()\nwhile not os.path.exists({JsonSerializer.Serialize(Path.Combine(meet, other))}): time.sleep(0.01)";
        Folder.Write("tasks.jsonl", BatchFile.Of(("a", Wait("a", "b")), ("b", Wait("b", "a"))));
        CliOutput output = await ExecutorAsync("batch", "tasks.jsonl", "--no-sandbox", "--parallel", "2", "--timeout", "60");
        Assert.Equal(0, output.ExitCode);
    }

    [Fact]
    public async Task Invalid_lines_become_results_and_cost_no_other_line()
    {
        Folder.Write(
            "tasks.jsonl",
            BatchFile.Of(("first", "print(1)"))
            + "this is not JSON\n\n"
            + "{\"language\":\"python\",\"code\":\"1\",\"timeout\":-1}\n"
            + "{\"language\":\"python\",\"code\":\"1\",\"capabilities\":[\"gpu\"]}\n"
            + "{\"script\":\"gone.py\"}\n"
            + "{\"language\":\"cobol\",\"code\":\"1\"}\n"
            + BatchFile.Of(("last", "print(2)")));
        CliOutput output = await ExecutorAsync("batch", "tasks.jsonl", "--no-sandbox");
        Assert.Equal(1, output.ExitCode);
        Dictionary<string, JsonElement> results = BatchFile.Results(output.Stdout).ToDictionary(BatchFile.Id);
        Assert.Equal(["first", "last", "line-2", "line-4", "line-5", "line-6", "line-7"], results.Keys.Order());
        Assert.All(["first", "last"], id => Assert.Equal("COMPLETED", results[id].Status()));
        Assert.All(
            [("line-2", "line 2: is not valid JSON"), ("line-4", "line 4: timeout: must be over 0"), ("line-5", "line 5: capabilities: "), ("line-6", "no such file"), ("line-7", "cobol")],
            expected =>
            {
                Assert.Equal(("FAILED", "invalid_task"), (results[expected.Item1].Status(), results[expected.Item1].Error("type")));
                Assert.Contains(expected.Item2, results[expected.Item1].Error("message"), StringComparison.Ordinal);
            });
        Assert.Contains("executor: tasks.jsonl:2: is not valid JSON", output.Stderr, StringComparison.Ordinal);
        Assert.Contains("executor: tasks.jsonl:4: timeout: ", output.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tasks_without_an_id_are_named_by_their_line()
    {
        Folder.Write("tasks.json", """[{"language":"bash","code":"1"},{"language":"bash","code":"true"},""" + "\n" + """{"language":"bash","code":"true"}]""");
        CliOutput output = await ExecutorAsync("batch", "tasks.json", "--no-sandbox", "--parallel", "1");
        Assert.Equal(["line-1", "line-1.2", "line-2"], BatchFile.Results(output.Stdout).Select(BatchFile.Id));
    }

    [Fact]
    public async Task Scripts_and_folders_are_relative_to_the_batch_file()
    {
        Folder.Write("sub/hello.py", "print('hello from', __file__.rsplit('/', 1)[1])");
        Folder.Write("sub/project/data.txt", "data");
        Folder.Write("sub/project/read.py", "print(open('data.txt').read())");
        Folder.Write("sub/tasks.yaml", "tasks:\n  - script: hello.py\n  - script: read.py\n    working_dir: project\n");
        CliOutput output = await ExecutorAsync("batch", "sub/tasks.yaml", "--no-sandbox", "--parallel", "1");
        Assert.Equal(["hello from hello.py\n", "data\n"], BatchFile.Results(output.Stdout).Select(result => result.GetProperty("stdout").GetString()));
    }

    [Fact]
    public async Task Options_hold_for_tasks_that_do_not_say()
    {
        Folder.Write("my.yaml", "code_executors:\n  local:\n    quick: {timeout_sec: 30}\n    other: {timeout_sec: 30}\n");
        Folder.Write("tasks.jsonl", BatchFile.Of(("plain", "pass")) + "{\"task_id\":\"own\",\"executor\":\"other\",\"language\":\"python\",\"code\":\"pass\"}\n");
        CliOutput output = await ExecutorAsync("batch", "tasks.jsonl", "--config", "my.yaml", "--executor", "quick", "--no-sandbox");
        Dictionary<string, string?> configs = BatchFile.Results(output.Stdout).ToDictionary(BatchFile.Id, result => result.GetProperty("config_id").GetString());
        Assert.Equal(("quick", "other"), (configs["plain"], configs["own"]));
    }

    [Fact]
    public async Task Failed_tasks_are_tried_again_as_often_as_they_ask()
    {
        string count = Folder.At("count");
        string code = $"open({JsonSerializer.Serialize(count)}, 'a').write('x')\nimport os, sys\nsys.exit(0 if os.path.getsize({JsonSerializer.Serialize(count)}) == 3 else 1)";
        Folder.Write("tasks.jsonl", $"{{\"language\":\"python\",\"code\":{JsonSerializer.Serialize(code)},\"retry\":{{\"max_attempts\":5,\"backoff_sec\":0.01}}}}\n");
        CliOutput output = await ExecutorAsync("batch", "tasks.jsonl", "--no-sandbox");
        JsonElement result = Assert.Single(BatchFile.Results(output.Stdout));
        Assert.Equal((0, "COMPLETED", 3), (output.ExitCode, result.Status(), result.GetProperty("attempt").GetInt32()));
    }

    [Fact]
    public async Task Batch_reads_standard_input()
    {
        CliOutput output = await CliProcess.RunAsync(
            Folder.Path, ["batch", "-", "--no-sandbox"], System.Text.Encoding.UTF8.GetBytes(BatchFile.Of(("a", "print(1)"))));
        Assert.Equal((0, "a"), (output.ExitCode, Assert.Single(BatchFile.Results(output.Stdout)).Id()));
    }

    [Fact]
    public async Task Batch_with_json_prints_one_summary()
    {
        Folder.Write("tasks.jsonl", BatchFile.Of(("a", "pass")) + "oops\n");
        CliOutput output = await ExecutorAsync("batch", "tasks.jsonl", "--no-sandbox", "--out", "results.jsonl", "--json");
        Assert.Equal((1, ""), (output.ExitCode, output.Stderr));
        using JsonDocument summary = JsonDocument.Parse(Assert.Single(output.StdoutLines));
        Assert.Equal((1, 1, 1), (Number("completed"), Number("failed"), Number("invalid")));
        Assert.Equal(2, summary.RootElement.GetProperty("invalid_tasks")[0].GetProperty("line").GetInt32());
        int Number(string name) => summary.RootElement.GetProperty(name).GetInt32();
    }

    [Theory]
    [InlineData("gone.jsonl", "gone.jsonl: ")]
    [InlineData("empty.jsonl", "empty.jsonl: has no task in it")]
    [InlineData("broken.yaml", "broken.yaml:4: broken YAML")]
    [InlineData("tasks.jsonl --parallel 0", "--parallel: must be 1 to 10000, was 0")]
    [InlineData("tasks.jsonl --parallel many", "--parallel: must be a whole number, was 'many'")]
    [InlineData("tasks.jsonl --resume", "--resume needs --out")]
    [InlineData("tasks.jsonl --out tasks.jsonl", "is the file of the tasks themselves")]
    [InlineData("tasks.jsonl --out no/such/folder.jsonl", "--out no/such/folder.jsonl: can't be written")]
    [InlineData("tasks.jsonl --resume --out notes.txt", "--out notes.txt: line 1 is not a result")]
    [InlineData("", "Required argument 'FILE' missing")]
    public async Task Batch_that_can_not_begin_exits_with_2_and_touches_nothing(string arguments, string message)
    {
        Folder.Write("tasks.jsonl", BatchFile.Of(("a", "pass")));
        Folder.Write("empty.jsonl", "\n \n");
        Folder.Write("broken.yaml", "tasks:\n  - code: 1\n  - code: [1\n");
        Folder.Write("notes.txt", "my notes\nand more");
        Folder.Write("results.jsonl", "earlier\n");
        string[] args = ["batch", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--no-sandbox"];
        CliOutput output = await ExecutorAsync(args.Contains("--out") || args.Contains("--resume") ? args : [.. args, "--out", "results.jsonl"]);
        AssertRefused(output, 2, message);
        Assert.Equal("my notes\nand more", Folder.Read("notes.txt"));
        Assert.Equal("earlier\n", Folder.Read("results.jsonl"));
    }
}
