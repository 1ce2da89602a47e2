using Executor.Tasks;

namespace Executor.Runners.ContractTests;

public abstract partial class RunnerContract
{
    [Fact]
    public async Task Daemons_die_with_the_task()
    {
        string mark = $"{Random.Shared.Next(100_000, 999_999)}.5";
        TaskResult result = await RunAsync(Bash(
            $"setsid nohup sh -c '> one; exec sleep {mark}' >/dev/null 2>&1 &\n(setsid sh -c '> two; exec sleep {mark}' &)\nuntil [ -e one ] && [ -e two ]; do sleep 0.01; done\necho started"));

        Completed(result);
        Assert.Equal("started\n", result.Stdout);
        Assert.DoesNotContain(HostCommandLines(), line => line.Contains(mark, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Background_process_that_holds_the_output_open_does_not_delay_the_end()
    {
        TaskResult result = await RunAsync(Bash("sleep 50 &\necho done") with { Timeout = TimeSpan.FromSeconds(20) });

        Completed(result);
        Assert.Equal("done\n", result.Stdout);
        Assert.InRange(result.DurationSec, 0, 15);
    }

    [Fact]
    public async Task Output_of_a_process_that_ends_just_after_the_main_one_is_whole()
    {
        const string script = "exec > >(tee -a run.log) 2> >(cat >&2)\necho step one\necho step two\necho problem >&2\n";
        for (int n = 0; n < 6; n++)
        {
            TaskResult result = await RunAsync(Bash(script) with { Artifacts = ["run.log"] });

            Completed(result);
            Assert.Equal("step one\nstep two\n", result.Stdout);
            Assert.Equal("problem\n", result.Stderr);
            Assert.Equal("step one\nstep two\n", result.Artifacts!["run.log"].Content);
        }
    }

    [Fact]
    public async Task Output_that_comes_soon_after_the_end_is_kept_and_what_goes_on_is_cut()
    {
        TaskResult late = await RunAsync(Bash("(sleep 0.05; echo late) &\necho now"));
        TaskResult endless = await RunAsync(Bash("(while :; do echo on; sleep 0.05; done) &\necho now") with { Timeout = TimeSpan.FromSeconds(20) });

        Completed(late);
        Assert.Equal("now\nlate\n", late.Stdout);
        Completed(endless);
        Assert.InRange(endless.DurationSec, 0, 15);
    }

    [Fact]
    public async Task Merged_output_is_in_order()
    {
        string expected = string.Concat(Enumerable.Range(0, 50).Select(n => $"o{n}\ne{n}\n"));
        TaskResult shell = await RunAsync(Bash("for n in $(seq 0 49); do echo o$n; echo e$n >&2; done") with { MergeOutput = true });
        TaskResult python = await RunAsync(Python(
            "import os, sys\nfor n in range(50):\n    print(f'o{n}', flush=True)\n    os.system(f'echo e{n} >&2')\n1/0") with { MergeOutput = true });

        Completed(shell);
        Assert.Equal((expected, ""), (shell.Stdout, shell.Stderr));
        Assert.Equal(("", "ZeroDivisionError"), (python.Stderr, python.Error?.Type));
        Assert.StartsWith(expected + "Traceback", python.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tree_dies_on_timeout()
    {
        string mark = $"{Random.Shared.Next(100_000, 999_999)}.25";
        TaskResult result = await RunAsync(Bash($"setsid sleep {mark} &\nsleep {mark}") with { Timeout = TimeSpan.FromSeconds(0.6) });

        Assert.True(result.TimedOut);
        Assert.DoesNotContain(HostCommandLines(), line => line.Contains(mark, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Bare_command_runs_with_its_arguments_as_they_are()
    {
        TaskResult result = await RunAsync(new TaskSpec { Command = ["printf", "%s|", "a b", "$HOME", "*"] });

        Completed(result);
        Assert.Equal("a b|$HOME|*|", result.Stdout);
    }

    [Fact]
    public async Task Command_that_is_not_there_is_said_so()
    {
        TaskResult result = await RunAsync(new TaskSpec { Command = ["no-such-program-anywhere", "x"] });

        Assert.Equal((ExecutionStatus.Failed, TaskErrorTypes.StartFailed), (result.Status, result.Error!.Type));
        Assert.Contains("no-such-program-anywhere", result.Error.Message, StringComparison.Ordinal);
        Assert.Null(result.ExitCode);
    }

    [Fact]
    public async Task Environment_is_clean_and_the_tasks_own()
    {
        Environment.SetEnvironmentVariable("EXECUTOR_TEST_SECRET", "hunter2");
        TaskResult result = await RunAsync(Bash("env; echo \"[$MINE]\"") with { Env = new Dictionary<string, string> { ["MINE"] = "yes" } });

        Completed(result);
        Assert.DoesNotContain("hunter2", result.Stdout, StringComparison.Ordinal);
        Assert.Contains("[yes]", result.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compiled_program_compiles_and_runs_apart()
    {
        TaskResult result = await RunAsync(new TaskSpec
        {
            Language = "c",
            Code = "#include <stdio.h>\nint main(int argc, char **argv) { printf(\"%d %s\\n\", argc, argv[1]); return 7; }",
            Args = ["x y"],
        });

        Assert.Equal((7, "2 x y\n", 0), (result.ExitCode, result.Stdout, result.Compile!.ExitCode));
    }

    [Fact]
    public async Task Compile_error_ends_the_task_before_it_runs()
    {
        TaskResult result = await RunAsync(new TaskSpec { Language = "c", Code = "int main( { }" });

        Assert.Equal((ExecutionStatus.Failed, TaskErrorTypes.CompileError), (result.Status, result.Error!.Type));
        Assert.Null(result.ExitCode);
        Assert.NotEqual(0, result.Compile!.ExitCode);
        Assert.Contains("error", result.Compile.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Callable_gives_its_value_and_its_prints()
    {
        TaskResult result = await RunAsync(Python("def add(a, b=1):\n    print('adding')\n    return {'sum': a + b, 'list': [1, None, True]}")
            with
        { Callable = "add", Params = System.Text.Json.JsonElement.Parse("""{"a": 2, "b": 40}""") });

        Completed(result);
        Assert.Equal("""{"sum":42,"list":[1,null,true]}""", result.Result!.Value.GetRawText().Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal("adding\n", result.Stdout);
    }

    [Fact]
    public async Task Callable_that_raises_gives_type_message_and_traceback()
    {
        TaskResult result = await RunAsync(Python("class Broken(Exception): pass\ndef go():\n    raise Broken('in two')") with { Callable = "go" });

        Assert.Equal(ExecutionStatus.Failed, result.Status);
        Assert.EndsWith("Broken", result.Error!.Type, StringComparison.Ordinal);
        Assert.Equal("in two", result.Error.Message);
        Assert.Contains("in go", result.Error.Traceback, StringComparison.Ordinal);
        Assert.Null(result.Result);
    }
}
