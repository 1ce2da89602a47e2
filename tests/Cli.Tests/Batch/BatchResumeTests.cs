using System.Text.Json;

namespace Executor.Cli.Batch;

public sealed class BatchResumeTests : CliTest
{
    [Fact]
    public async Task Resume_runs_only_what_has_no_result_yet()
    {
        Folder.Write("tasks.jsonl", BatchFile.Of(("a", "print('first')")));
        await BatchAsync();
        string before = Folder.Read("results.jsonl");
        Folder.Write("tasks.jsonl", BatchFile.Of(("a", "print('again')"), ("b", "print('new')")));
        CliOutput output = await BatchAsync("--resume");
        Assert.Equal(0, output.ExitCode);
        Assert.Contains("1 completed, 0 failed, 1 had results already", output.Stderr, StringComparison.Ordinal);
        string after = Folder.Read("results.jsonl");
        Assert.StartsWith(before, after, StringComparison.Ordinal);
        Assert.Equal(["a", "b"], BatchFile.Results(after).Select(BatchFile.Id));
    }

    [Fact]
    public async Task Resume_still_tells_the_failures_of_before()
    {
        Folder.Write("tasks.jsonl", BatchFile.Of(("bad", "raise SystemExit(1)")));
        Assert.Equal(1, (await BatchAsync()).ExitCode);
        CliOutput output = await BatchAsync("--resume");
        Assert.Equal(1, output.ExitCode);
        Assert.Contains("1 had results already (1 failed)", output.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_cuts_off_a_torn_last_line_and_runs_its_task_again()
    {
        Folder.Write("tasks.jsonl", BatchFile.Of(("a", "pass"), ("b", "pass")));
        await BatchAsync();
        string[] lines = Folder.Read("results.jsonl").Split('\n');
        Folder.Write("results.jsonl", $"{lines[0]}\n{lines[1][..20]}");
        CliOutput output = await BatchAsync("--resume");
        Assert.Equal(0, output.ExitCode);
        List<JsonElement> results = BatchFile.Results(Folder.Read("results.jsonl"));
        Assert.Equal(["a", "b"], results.Select(BatchFile.Id).Order());
    }

    [Fact]
    public async Task Resume_without_an_earlier_file_is_a_first_run()
    {
        Folder.Write("tasks.jsonl", BatchFile.Of(("a", "pass")));
        Assert.Equal(0, (await BatchAsync("--resume")).ExitCode);
        Assert.Single(BatchFile.Results(Folder.Read("results.jsonl")));
    }

    [Fact]
    public async Task Without_resume_the_results_of_before_are_replaced()
    {
        Folder.Write("tasks.jsonl", BatchFile.Of(("a", "pass")));
        await BatchAsync();
        await BatchAsync();
        Assert.Single(BatchFile.Results(Folder.Read("results.jsonl")));
    }

    [Fact]
    public async Task Interrupted_batch_keeps_what_is_done_and_resume_does_the_rest()
    {
        string gate = Folder.At("gate");
        string waiting = $"import os, time\nwhile not os.path.exists({JsonSerializer.Serialize(gate)}): time.sleep(0.01)\nprint('through')";
        Folder.Write("tasks.jsonl", BatchFile.Of(("done", "print(1)"), ("waiting", $"print('go', file=open({JsonSerializer.Serialize(gate + "-seen")}, 'w'))\n{waiting}"), ("later", waiting)));
        using (CliProcess process = CliProcess.Start(Folder.Path, ["batch", "tasks.jsonl", "--no-sandbox", "--parallel", "1", "--out", "results.jsonl"]))
        {
            using FileSystemWatcher watcher = new(Folder.Path, "gate-seen");
            TaskCompletionSource begun = new();
            watcher.Created += (_, _) => begun.TrySetResult();
            watcher.EnableRaisingEvents = true;
            if (File.Exists($"{gate}-seen"))
            {
                begun.TrySetResult();
            }

            await begun.Task.WaitAsync(TimeSpan.FromMinutes(1));
            process.Ask("INT");
            CliOutput interrupted = await process.WaitAsync();
            Assert.Equal(130, interrupted.ExitCode);
            Assert.Contains("1 completed, 0 failed, 2 not run", interrupted.Stderr, StringComparison.Ordinal);
        }

        Assert.Equal("done", Assert.Single(BatchFile.Results(Folder.Read("results.jsonl"))).Id());
        Folder.Write("gate", "");
        Assert.Equal(0, (await BatchAsync("--resume")).ExitCode);
        Assert.Equal(["done", "later", "waiting"], BatchFile.Results(Folder.Read("results.jsonl")).Select(BatchFile.Id).Order());
    }

    private Task<CliOutput> BatchAsync(params string[] options) =>
        ExecutorAsync(["batch", "tasks.jsonl", "--no-sandbox", "--out", "results.jsonl", .. options]);
}
