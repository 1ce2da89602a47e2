using System.Text;
using Executor.Limits;
using Executor.Runners.Workspaces;
using Executor.Tasks;

namespace Executor.Runners.Interpreters;

public sealed class InterpreterLossTests
{
    private static readonly EffectiveLimits Limits = LimitResolver.Resolve(null, new TaskLimits { MemoryMb = 64, CpuTime = 2.5 });

    [Theory]
    [InlineData("ended", 3, 0, false, TaskErrorTypes.ExitCode, "ended with exit code 3")]
    [InlineData("ended", 0, 11, false, TaskErrorTypes.Signal, "SIGSEGV: segmentation fault")]
    [InlineData("ended", 0, 9, false, TaskErrorTypes.Signal, "SIGKILL")]
    [InlineData("ended", 0, 9, true, TaskErrorTypes.OutOfMemory, "memory limit of 64 MiB")]
    [InlineData("ended", 0, 24, false, TaskErrorTypes.CpuTimeLimit, "CPU time limit of 2.5 s")]
    [InlineData("broken", 0, 9, false, TaskErrorTypes.ResultError, "file descriptor")]
    [InlineData("killed", 0, 9, false, TaskErrorTypes.Signal, "killed")]
    public void Loss_says_what_happened(string why, int exitCode, int signal, bool outOfMemory, string type, string part)
    {
        TaskError error = Parse(why, exitCode, signal, idle: false).ErrorOf(Limits, outOfMemory);

        Assert.Equal(type, error.Type);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not executed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Loss_between_executions_says_that_the_code_was_not_executed() =>
        Assert.Contains("not executed", Parse("ended", 1, 0, idle: true).ErrorOf(Limits, outOfMemory: false).Message, StringComparison.Ordinal);

    [Fact]
    public void Only_a_kill_that_was_not_ours_may_be_the_memory_limit() => Assert.Equal(
        [true, false, false, false],
        new[] { ("ended", 9), ("killed", 9), ("broken", 9), ("ended", 11) }.Select(loss => Parse(loss.Item1, 0, loss.Item2, idle: false).MayBeMemory));

    [Fact]
    public void End_of_all_of_it_is_a_loss_too()
    {
        Assert.Equal(TaskErrorTypes.Signal, InterpreterLoss.Of(new ProcessExit { ExitCode = 137, Signal = 9 }, idle: false).ErrorOf(Limits, outOfMemory: false).Type);
        Assert.Equal(TaskErrorTypes.ExitCode, InterpreterLoss.Of(new ProcessExit { ExitCode = 1 }, idle: false).ErrorOf(Limits, outOfMemory: false).Type);
    }

    private static InterpreterLoss Parse(string why, int exitCode, int signal, bool idle) => InterpreterLoss.Parse(
        Encoding.UTF8.GetBytes($$"""{"why":"{{why}}","exit_code":{{exitCode}},"signal":{{signal}},"idle":{{(idle ? "true" : "false")}}}"""));
}
