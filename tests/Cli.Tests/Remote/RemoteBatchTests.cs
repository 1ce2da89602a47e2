using System.Text.Json;
using Executor.Cli.Batch;
using Executor.Tasks;

namespace Executor.Cli.Remote;

public sealed class RemoteBatchTests : CliTest
{
    private readonly FakeTasks _tasks = new();

    [Fact]
    public async Task Batch_submits_in_hundreds_and_writes_every_result_under_the_id_of_the_file()
    {
        Folder.Write("tasks.jsonl", string.Concat(Enumerable.Range(1, 1_200).Select(number => $"{{\"language\":\"python\",\"code\":\"n{number}\"}}\n")));
        CliOutput output = await BatchAsync();
        Assert.Equal(0, output.ExitCode);
        Assert.Equal([500, 500, 200], _tasks.Batches);
        Assert.Equal(
            Enumerable.Range(1, 1_200).Select(number => ($"line-{number}", $"n{number}")).Order(),
            Results().Select(result => (result.Id(), result.GetProperty("stdout").GetString()!)).Order());
        Assert.Contains("1200 completed, 0 failed", output.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Same_task_gets_the_same_id_again_and_is_not_done_again()
    {
        Folder.Write("tasks.jsonl", """{"language":"python","code":"x"}""" + "\n" + """{"task_id":"own","language":"python","code":"y"}""");
        await BatchAsync();
        string[] ids = [.. _tasks.Specs.Keys];
        CliOutput again = await BatchAsync();
        Assert.Equal(0, again.ExitCode);
        Assert.Equal(ids, _tasks.Specs.Keys);
        Assert.Contains("own", ids);
        Assert.Contains("2 had ended at the server before; these are the results of then", again.Stderr, StringComparison.Ordinal);
        await BatchAsync("--batch-id", "second");
        Assert.Equal([.. ids, "second.line-1"], _tasks.Specs.Keys);
    }

    [Fact]
    public async Task Tasks_that_are_not_valid_cost_only_themselves()
    {
        Folder.Write("tasks.jsonl", BatchFile.Of(("a", "1"), ("b", "bad"), ("c", "2"), ("d", "bad")) + "{\"code\":1}\n{\"script\":\"missing.py\"}\n");
        CliOutput output = await BatchAsync();
        Assert.Equal(1, output.ExitCode);
        Assert.Equal(["a", "c"], _tasks.Specs.Keys);
        Assert.Equal(["a", "b", "c", "d", "line-5", "line-6"], Results().Select(BatchFile.Id).Order());
        Assert.Contains("tasks.jsonl:2: code: must not be bad", output.Stderr, StringComparison.Ordinal);
        Assert.Contains("missing.py: no such file", output.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batch_that_is_too_large_for_the_server_is_halved_until_it_fits()
    {
        _tasks.MaxBatch = 2;
        Folder.Write("tasks.jsonl", BatchFile.Of([.. Enumerable.Range(1, 5).Select(number => ($"t{number}", "1"))]));
        Assert.Equal(0, (await BatchAsync()).ExitCode);
        Assert.Equal(5, _tasks.Specs.Count);
    }

    [Fact]
    public async Task Failed_task_makes_the_exit_code_1_and_resume_leaves_out_what_has_a_result()
    {
        Folder.Write("tasks.jsonl", BatchFile.Of(("a", "fail"), ("b", "1")));
        Assert.Equal(1, (await BatchAsync()).ExitCode);
        CliOutput again = await BatchAsync("--resume");
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("2 had results already (1 failed)", again.Stderr, StringComparison.Ordinal);
        Assert.Equal(2, Results().Count);
    }

    [Fact]
    public async Task Conflict_with_another_task_of_the_id_is_a_result_that_says_so()
    {
        Folder.Write("tasks.jsonl", BatchFile.Of(("a", "1")));
        await BatchAsync();
        Folder.Write("tasks.jsonl", BatchFile.Of(("a", "2")));
        Assert.Equal(1, (await BatchAsync()).ExitCode);
        Assert.Contains("another task has the task_id 'a'", Assert.Single(Results()).Error("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Task_that_the_server_has_lost_is_submitted_again()
    {
        _tasks.AskedFor = "held";
        Folder.Write("tasks.jsonl", BatchFile.Of(("held", "hold")));
        await using FakeServer server = await FakeServer.StartAsync(_tasks.AnswerAsync);
        using CliProcess process = Start(server);
        await _tasks.Asked.Task.WaitAsync(TimeSpan.FromMinutes(1));
        _tasks.Forget("held");
        _tasks.Ended["held"] = ExecutionStatus.Completed;
        Assert.Equal(0, (await process.WaitAsync()).ExitCode);
        Assert.Equal(2, _tasks.Batches.Count);
    }

    [Fact]
    public async Task Interrupted_batch_cancels_what_is_left_and_resume_does_it_under_the_next_id_with_what_depends_on_it()
    {
        _tasks.AskedFor = "a";
        string rest = """{"task_id":"b","language":"python","code":"2","depends_on":["a"]}""" + "\n" + """{"task_id":"c","language":"python","code":"3"}""" + "\n";
        Folder.Write("tasks.jsonl", BatchFile.Of(("a", "hold")) + rest);
        await using FakeServer server = await FakeServer.StartAsync(_tasks.AnswerAsync);
        using (CliProcess process = Start(server))
        {
            await _tasks.Asked.Task.WaitAsync(TimeSpan.FromMinutes(1));
            process.Ask("INT");
            CliOutput interrupted = await process.WaitAsync();
            Assert.Equal(130, interrupted.ExitCode);
            Assert.Contains("--resume goes on with what is left", interrupted.Stderr, StringComparison.Ordinal);
        }

        Assert.Equal(ExecutionStatus.Cancelled, _tasks.Ended["a"]);
        string[] had = [.. Results().Select(BatchFile.Id)];
        Assert.DoesNotContain("a", had);
        _tasks.Ended["a.2"] = ExecutionStatus.Completed;
        using CliProcess again = Start(server, "--resume");
        Assert.Equal(0, (await again.WaitAsync()).ExitCode);
        Assert.Equal(["a", "b", "c"], Results().Select(BatchFile.Id).Order());
        Assert.Contains("a.2", _tasks.Specs.Keys);
        Assert.True(had.Contains("b") || _tasks.Specs["b.2"].DependsOn is ["a.2"]);
    }

    private async Task<CliOutput> BatchAsync(params string[] options)
    {
        await using FakeServer server = await FakeServer.StartAsync(_tasks.AnswerAsync);
        using CliProcess process = Start(server, options);
        return await process.WaitAsync();
    }

    private CliProcess Start(FakeServer server, params string[] options) =>
        CliProcess.Start(Folder.Path, ["batch", "tasks.jsonl", "--out", "results.jsonl", "--server", server.Url, .. options]);

    private List<JsonElement> Results() => BatchFile.Results(File.Exists(Folder.At("results.jsonl")) ? Folder.Read("results.jsonl") : "");
}
