using System.Text.Json;
using Executor.Cli.Batch;

namespace Executor.Cli.Remote;

public sealed class TaskCommandsTests : ServerTest
{
    [Fact]
    public async Task Submitted_task_is_run_and_its_result_shown_as_run_shows_it()
    {
        Folder.Write("tool.py", "import sys\nprint(sys.argv[1:], open('in.txt').read())\nprint('oh', file=sys.stderr)\nsys.exit(3)");
        Folder.Write("in.txt", "data");
        string id = await SubmitAsync("tool.py", "a", "--file", "in.txt", "--name", "mine", "--priority", "4");
        CliOutput result = await AskAsync("result", id, "--wait", "60");
        Assert.Equal((3, "['a'] data\n", "oh\n"), (result.ExitCode, result.Stdout, result.Stderr));
        JsonElement json = BatchFile.Results((await AskAsync("result", id, "--json")).Stdout)[0];
        Assert.Equal((id, "FAILED", "exit_code", "local"), (json.Id(), json.Status(), json.Error("type"), json.GetProperty("executor_id").GetString()));
        CliOutput status = await AskAsync("status", id);
        Assert.Equal(0, status.ExitCode);
        Assert.Contains("status:       FAILED", status.Stdout, StringComparison.Ordinal);
        Assert.Contains("priority:     4", status.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Task_submitted_again_under_its_id_is_the_same_and_another_one_is_refused()
    {
        Assert.Equal("mine", await SubmitAsync("--task-id", "mine", "--code", "print(1)"));
        Assert.Equal("mine", await SubmitAsync("--task-id", "mine", "--code", "print(1)"));
        AssertRefused(await AskAsync("submit", "--task-id", "mine", "--code", "print(2)"), 2, "executor: another task has the task_id 'mine'");
    }

    [Fact]
    public async Task Tasks_of_a_file_are_submitted_together_and_depend_on_each_other()
    {
        Folder.Write("flow.yaml", """
            - {task_id: parent, language: python, code: "print('p')"}
            - {task_id: child, language: python, code: "print('c')", depends_on: [parent]}
            """);
        CliOutput output = await AskAsync("submit", "--task", "flow.yaml");
        Assert.Equal((0, "parent\nchild\n"), (output.ExitCode, output.Stdout));
        Assert.Equal("c\n", (await AskAsync("result", "child", "--wait", "60")).Stdout);
        AssertRefused(await AskAsync("submit", "--task", "flow.yaml", "--name", "x"), 2, "--task can't be combined with --name");
    }

    [Fact]
    public async Task Submit_that_waits_shows_the_result()
    {
        Assert.Equal("42\n", (await AskAsync("submit", "--code", "def f(x): return x * 2", "--callable", "f", "--params", "{\"x\": 21}", "--wait", "60")).Stdout);
        AssertRefused(await AskAsync("submit", "--code", "1", "--language", "rum"), 2, "executor: language: there is no runtime 'rum'");
    }

    [Fact]
    public async Task Logs_follow_a_task_until_it_ends_and_without_follow_stop_at_what_there_is()
    {
        string id = await SubmitAsync("--no-sandbox", "--code", WaitingFor("gate"));
        using CliProcess following = Start("logs", id, "-f");
        await following.SeeAsync("first");
        CliOutput until = await AskAsync("logs", id);
        Assert.Equal((0, "first\n", ""), (until.ExitCode, until.Stdout, until.Stderr));
        Assert.Equal(75, (await AskAsync("result", id)).ExitCode);
        Folder.Write("gate", "");
        CliOutput output = await following.WaitAsync();
        Assert.Equal((0, "first\nlast é", "done"), (output.ExitCode, output.Stdout, output.Stderr));
        CliOutput later = await AskAsync("logs", id);
        Assert.Equal((0, "first\nlast é", "done"), (later.ExitCode, later.Stdout, later.Stderr));
    }

    [Fact]
    public async Task Ctrl_C_leaves_the_followed_task_running()
    {
        string id = await SubmitAsync("--no-sandbox", "--code", WaitingFor("gate"));
        using CliProcess following = Start("logs", id, "-f");
        await following.SeeAsync("first");
        following.Ask("INT");
        Assert.Equal(130, (await following.WaitAsync()).ExitCode);
        Folder.Write("gate", "");
        Assert.Equal("first\nlast é", (await AskAsync("result", id, "--wait", "60")).Stdout);
    }

    [Fact]
    public async Task Cancel_ends_running_and_waiting_tasks_and_tells_those_that_it_can_not()
    {
        string running = await SubmitAsync("--no-sandbox", "--code", WaitingFor("never"));
        using (CliProcess following = Start("logs", running, "-f"))
        {
            await following.SeeAsync("first");
        }

        string waiting = await SubmitAsync("--depends-on", running, "--code", "1");
        CliOutput output = await AskAsync("cancel", waiting, "nobody", running);
        Assert.Equal(1, output.ExitCode);
        Assert.Equal($"{waiting}  CANCELLED", output.StdoutLines[0]);
        // What runs may have been stopped by the time the answer is written.
        Assert.Contains(output.StdoutLines[1], (string[])[$"{running}  is being stopped", $"{running}  CANCELLED"]);
        Assert.Equal(2, output.StdoutLines.Length);
        Assert.Equal("executor: there is no task 'nobody'\n", output.Stderr);
        CliOutput result = await AskAsync("result", running, "--wait", "60");
        Assert.Equal((130, "first\n"), (result.ExitCode, result.Stdout));
        AssertRefused(await AskAsync("status", "nobody"), 2, "executor: there is no task 'nobody'");
    }

    [Fact]
    public async Task List_shows_tasks_by_status_and_name_in_pages()
    {
        Folder.Write("tasks.jsonl", BatchFile.Of([.. Enumerable.Range(1, 60).Select(number => ($"t{number}", number == 7 ? "raise SystemExit(1)" : "1"))]));
        await AskAsync("batch", "tasks.jsonl", "--out", "results.jsonl", "--server", Url);
        Assert.Equal(60, (await AskAsync("list", "--all", "--json")).StdoutLines.Length);
        CliOutput table = await AskAsync("list");
        Assert.Equal((51, "executor: there are more; --limit N or --all shows them\n"), (table.StdoutLines.Length, table.Stderr));
        Assert.StartsWith("TASK  STATUS", table.Stdout, StringComparison.Ordinal);
        CliOutput failed = await AskAsync("list", "--status", "failed", "--json");
        Assert.Equal("t7", Assert.Single(BatchFile.Results(failed.Stdout)).Id());
        AssertRefused(await AskAsync("list", "--status", "LOST"), 2, "executor: status: must be one of PENDING");
        AssertRefused(await AskAsync("list", "--limit", "0"), 2, "--limit: must be 1 or more, was 0");
    }

    [Fact]
    public async Task Executors_are_listed_and_drained()
    {
        CliOutput table = await AskAsync("executors");
        Assert.Matches(@"^EXECUTOR +STATUS .*\nlocal +online .* 0/2 ", table.Stdout);
        CliOutput drained = await AskAsync("executors", "drain", "local");
        Assert.Equal((0, "local  draining, 0 running\n"), (drained.ExitCode, drained.Stdout));
        AssertRefused(await AskAsync("executors", "drain", "nobody"), 2, "executor: there is no executor 'nobody'");
    }

    [Fact]
    public async Task Jobs_are_listed_and_unknown_ones_refused_with_what_there_is()
    {
        Assert.StartsWith("JOB  TYPE", (await AskAsync("jobs")).Stdout, StringComparison.Ordinal);
        AssertRefused(await AskAsync("jobs", "start", "nonsense"), 2, "executor: type: unknown job type. Known job types: ");
        AssertRefused(await AskAsync("jobs", "start", "x", "--params", "{"), 2, "params: must be a JSON object");
        AssertRefused(await AskAsync("jobs", "nobody"), 2, "executor: there is no job 'nobody'");
        AssertRefused(await AskAsync("jobs", "cancel", "nobody"), 2, "executor: there is no job 'nobody'");
        AssertRefused(await AskAsync("jobs", "log", "nobody", "-f"), 2, "executor: there is no job 'nobody'");
    }
}
