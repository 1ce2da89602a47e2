using System.Text.Json;
using Executor.Cli.Batch;

namespace Executor.Cli.Remote;

public sealed class BatchServerTests : ServerTest
{
    private const int Count = 400;

    [Fact]
    public async Task Batch_gives_every_task_its_own_output()
    {
        WriteTasks();
        CliOutput output = await AskAsync("batch", "tasks.jsonl", "--out", "results.jsonl", "--server", Url);
        Assert.Equal(0, output.ExitCode);
        AssertComplete();
        Assert.Contains($"{Count} completed, 0 failed", output.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batch_of_yaml_brings_its_files_and_refused_tasks_cost_only_themselves()
    {
        Folder.Write("sub/tool.py", "print('tool')");
        Folder.Write("sub/tasks.yaml", """
            tasks:
              - {task_id: good, script: tool.py}
              - {task_id: bad, language: rum, code: "1"}
              - {task_id: child, language: python, code: "print('c')", depends_on: [good]}
            """);
        CliOutput output = await AskAsync("batch", "sub/tasks.yaml", "--server", Url, "--json");
        Assert.Equal(1, output.ExitCode);
        Dictionary<string, JsonElement> results = BatchFile.Results(output.Stdout).ToDictionary(BatchFile.Id);
        Assert.Equal("tool\n", results["good"].GetProperty("stdout").GetString());
        Assert.Equal("c\n", results["child"].GetProperty("stdout").GetString());
        Assert.StartsWith("line 3: language: there is no runtime 'rum'", results["bad"].Error("message"), StringComparison.Ordinal);
        Assert.Equal(1, JsonDocument.Parse(output.Stderr).RootElement.GetProperty("invalid").GetInt32());
    }

    [Fact]
    public async Task Interrupted_batch_leaves_nothing_at_the_server_and_resume_does_the_rest()
    {
        Folder.Write("tasks.jsonl", string.Concat(
            BatchFile.Of(("quick", "print(1)")),
            string.Concat(Enumerable.Range(1, 8).Select(number => JsonSerializer.Serialize(new { language = "python", use_sandbox = false, code = WaitingFor("gate"), priority = -number }) + "\n"))));
        using (CliProcess process = Start("batch", "tasks.jsonl", "--out", "results.jsonl", "--server", Url))
        {
            await UntilRunsAsync(3, hasResult: true);
            process.Ask("INT");
            CliOutput interrupted = await process.WaitAsync();
            Assert.Equal(130, interrupted.ExitCode);
            Assert.Contains("executor: cancelling 8 tasks at the server", interrupted.Stderr, StringComparison.Ordinal);
        }

        Assert.Equal("quick", Assert.Single(BatchFile.Results(Folder.Read("results.jsonl"))).Id());
        Assert.Empty((await AskAsync("list", "--all", "--status", "PENDING", "--json")).StdoutLines);
        Folder.Write("gate", "");
        CliOutput resumed = await AskAsync("batch", "tasks.jsonl", "--out", "results.jsonl", "--server", Url, "--resume");
        Assert.Equal(0, resumed.ExitCode);
        Assert.Contains("8 completed, 0 failed, 1 had results already", resumed.Stderr, StringComparison.Ordinal);
        Assert.Equal(9, BatchFile.Results(Folder.Read("results.jsonl")).Select(BatchFile.Id).Distinct().Count());
    }

    [Fact]
    public async Task Batch_goes_on_when_the_server_was_killed_and_comes_again()
    {
        WriteTasks();
        using CliProcess process = Start("batch", "tasks.jsonl", "--out", "results.jsonl", "--server", Url);
        await UntilRunsAsync(1);
        await Server.KillAsync();
        await Server.StartAgainAsync();
        Assert.Equal(0, (await process.WaitAsync()).ExitCode);
        AssertComplete();
    }

    [Fact]
    public async Task Batch_that_was_killed_is_taken_up_by_the_same_command()
    {
        WriteTasks();
        using (CliProcess process = Start("batch", "tasks.jsonl", "--out", "results.jsonl", "--server", Url))
        {
            await UntilRunsAsync(1);
            await process.KillAsync();
        }

        Assert.Equal(0, (await AskAsync("batch", "tasks.jsonl", "--out", "results.jsonl", "--server", Url, "--resume")).ExitCode);
        AssertComplete();
        Assert.Equal(Count, (await AskAsync("list", "--all", "--json")).StdoutLines.Length);
    }

    private void WriteTasks() => Folder.Write("tasks.jsonl", string.Concat(
        Enumerable.Range(1, Count).Select(number => $"{{\"language\":\"python\",\"code\":\"print({number} * 3)\"}}\n")));

    private void AssertComplete() => Assert.Equal(
        Enumerable.Range(1, Count).Select(number => ($"line-{number}", "COMPLETED", $"{number * 3}\n")).Order(),
        BatchFile.Results(Folder.Read("results.jsonl")).Select(result => (result.Id(), result.Status(), result.GetProperty("stdout").GetString()!)).Order());

    /// <summary>Waits until that many run or have ended, and a result has been written if that is asked for.</summary>
    private async Task UntilRunsAsync(int count, bool hasResult = false)
    {
        using CancellationTokenSource late = new(TimeSpan.FromMinutes(1));
        while ((await AskAsync("list", "--json", "--limit", "1000")).StdoutLines.Count(line => !line.Contains("PENDING", StringComparison.Ordinal)) < count
            || (hasResult && new FileInfo(Folder.At("results.jsonl")) is not { Exists: true, Length: > 0 }))
        {
            late.Token.ThrowIfCancellationRequested();
        }
    }
}
