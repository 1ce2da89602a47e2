using Executor.Executors;
using Executor.Runners;
using Executor.Runners.Local.Sandbox;
using Executor.Runners.Probing;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Library;

/// <summary>The library with real interpreters in the sandbox.</summary>
public sealed class ParallelSandboxTests
{
    [Fact]
    public async Task Python_tasks_each_have_their_own_result_and_one_that_raises_harms_none()
    {
        await using Library library = new();
        ParallelResults results = await library.Executor.ExecuteAsync(Enumerable.Range(0, 12).Select(i => (ParallelTask)new TaskSpec
        {
            TaskId = $"t{i}",
            Language = "python",
            Code = i == 5 ? "raise ValueError('five')" : $"print({i} * {i})",
            UseSandbox = false, // the mode isolates it all the same
        }));

        Assert.Equal("ValueError", results["t5"].Error!.Type);
        Assert.Equal("library", results["t5"].ExecutorId);
        foreach (int i in Enumerable.Range(0, 12).Where(i => i != 5))
        {
            Assert.Equal((ExecutionStatus.Completed, $"{i * i}\n"), (results[$"t{i}"].Status, results[$"t{i}"].Stdout));
        }
    }

    [Fact]
    public async Task Task_is_isolated_from_the_process_that_asked_for_it()
    {
        await using Library library = new();
        ParallelResults results = await library.Executor.ExecuteAsync(
            [new TaskSpec { TaskId = "peek", Language = "python", Code = "import os; print(os.path.exists('/etc/shadow'))" }]);

        Assert.Equal("False\n", results["peek"].Stdout);
    }

    [Fact]
    public async Task Cancelling_stops_the_programs()
    {
        await using Library library = new();
        using CancellationTokenSource cancel = new();
        Begun begun = new(cancel);

        ParallelResults results = await library.Executor.ExecuteAsync(
            [
                new TaskSpec { TaskId = "sleeper", Language = "python", Code = "import time; time.sleep(600)" },
                new TaskSpec { TaskId = "after", Language = "python", Code = "print(1)", DependsOn = ["sleeper"] },
            ],
            begun,
            cancel.Token);

        Assert.Equal(ExecutionStatus.Cancelled, results["sleeper"].Status);
        Assert.Equal(ExecutionStatus.Cancelled, results["after"].Status);
    }

    /// <summary>Cancels as soon as something begins.</summary>
    private sealed class Begun(CancellationTokenSource cancel) : IProgress<ParallelProgress>
    {
        public void Report(ParallelProgress value) => cancel.Cancel();
    }

    /// <summary>Put together as a program does it.</summary>
    private sealed class Library : IAsyncDisposable
    {
        private readonly RunnerBackends _backends = new RunnerBackends().Add(new SandboxBackend(new SandboxOptions()));

        public Library()
        {
            TaskRunner runner = new(RuntimeCatalog.BuiltIn, RuntimeProbe.Shared, _backends, new TaskRunnerDefaults(), TimeProvider.System);
            Executor = new ParallelExecutor(new ParallelExecutorOptions { Mode = ParallelMode.Sandboxed, MaxWorkers = 3 }, runner);
        }

        public ParallelExecutor Executor { get; }

        public async ValueTask DisposeAsync()
        {
            await Executor.DisposeAsync();
            await _backends.DisposeAsync();
        }
    }
}
