using Executor.Limits;
using Executor.Runners.Docker.Tests.Engine;
using Executor.Tasks;

namespace Executor.Runners.Docker.Tests.Plain;

/// <summary>Tasks in an image without a Python.</summary>
public sealed class ProgramTests(EngineFixture engine) : DockerTest(engine)
{
    [Fact]
    public async Task Command_runs_with_its_files_input_arguments_and_artifacts()
    {
        TaskResult result = await Docker.RunAsync(
            Command("bash", "-c", "cat a/in.txt - > out.txt; echo \"$0 $MINE $PWD\"; ls; echo err >&2; exit 3", "zero") with
            {
                Files = new Dictionary<string, TaskFile> { ["a/in.txt"] = new() { Content = "file " } },
                Stdin = "and input",
                Env = new Dictionary<string, string> { ["MINE"] = "yes" },
                Artifacts = ["*.txt"],
            },
            Shell);

        Assert.Equal((3, "zero yes /work/task\na\nout.txt\n", "err\n"), (result.ExitCode, result.Stdout, result.Stderr));
        Assert.Equal("file and input", result.Artifacts!["out.txt"].Content);
    }

    [Fact]
    public async Task Language_whose_interpreter_is_there_runs()
    {
        TaskResult result = await Docker.RunAsync(new TaskSpec { Language = "bash", Code = "echo $((6 * 7))" }, Shell);

        Completed(result);
        Assert.Equal("42\n", result.Stdout);
    }

    [Fact]
    public async Task Timeout_kills_what_ignores_the_polite_signal()
    {
        TaskResult result = await Docker.RunAsync(Command("bash", "-c", "echo on; sleep 60") with { Timeout = TimeSpan.FromSeconds(1) }, Shell);

        Assert.Equal((true, "on\n"), (result.TimedOut, result.Stdout));
    }

    [Fact]
    public async Task Signal_and_memory_are_told_apart()
    {
        // From outside: the first process of a container can't be killed from within.
        string mark = $"{Random.Shared.Next(100_000, 999_999)}.375";
        TaskResult killed = await Docker.RunAsync(
            Command("sh", "-c", $"echo on; exec sleep {mark}"),
            Shell,
            async (_, _, _) =>
            {
                int[] found = [];
                await Poll.UntilAsync("it sleeps", () => (found = [.. HostProcesses.All().Where(pid => HostProcesses.CommandLine(pid) == $"sleep {mark}")]).Length > 0);
                await Signals.KillAsync(found);
            });
        TaskResult oom = await Docker.RunAsync(Command("bash", "-c", "x=$(yes | head -c 400000000); echo ${#x}") with { Limits = new TaskLimits { MemoryMb = 40 } }, Shell);

        Assert.Equal((137, "SIGKILL", false, "on\n"), (killed.ExitCode, killed.Signal, killed.OomKilled, killed.Stdout));
        Assert.True(oom.OomKilled, oom.ToString());
        Assert.Equal(TaskErrorTypes.OutOfMemory, oom.Error!.Type);
    }

    [Fact]
    public async Task Program_that_is_not_there_is_said_so()
    {
        TaskResult result = await Docker.RunAsync(Command("no-such-program"), Shell);

        Assert.Equal(TaskErrorTypes.StartFailed, result.Error!.Type);
        Assert.Contains("no-such-program", result.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Python_in_an_image_without_one_names_the_setting()
    {
        TaskResult result = await Docker.RunAsync(Code("print(1)"), Shell);

        Assert.Equal(TaskErrorTypes.RuntimeUnavailable, result.Error!.Type);
        Assert.Contains("code_executors.docker.sh.image", result.Error.Message, StringComparison.Ordinal);
    }
}
