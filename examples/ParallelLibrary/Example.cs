using System.Text.Json;
using Executor.Executors;
using Executor.Library;
using Executor.Runners;
using Executor.Runners.Local.Sandbox;
using Executor.Runners.Probing;
using Executor.Runtimes;
using Executor.Tasks;

namespace ParallelLibrary;

/// <summary>A workflow of sandboxed Python and functions of this program.</summary>
public static class Example
{
    /// <summary>Runs it, and writes what came of it.</summary>
    public static async Task RunAsync(TextWriter output, IProgress<ParallelProgress>? progress, CancellationToken cancellationToken)
    {
        await using RunnerBackends backends = new RunnerBackends().Add(new SandboxBackend(new SandboxOptions()));
        TaskRunner runner = new(RuntimeCatalog.BuiltIn, RuntimeProbe.Shared, backends, new TaskRunnerDefaults(), TimeProvider.System);
        ParallelExecutorOptions options = new() { MaxWorkers = 4, MaxConcurrentTasks = 20, Timeout = TimeSpan.FromSeconds(30) };
        await using ParallelExecutor executor = new(options, runner);

        const string squares = """
            def make(count):
                return [n * n for n in range(count)]
            """;
        JsonElement ten = JsonSerializer.SerializeToElement(new { count = 10 });
        ParallelResults results = await executor.ExecuteAsync(
            [
                new TaskSpec { TaskId = "squares", Language = "python", Code = squares, Callable = "make", Params = ten },
                ParallelTask.Call("sum", call => call.ValueOf<int[]>("squares")!.Sum(), dependsOn: ["squares"]),
                ParallelTask.Call("largest", call => call.ValueOf<int[]>("squares")!.Max(), dependsOn: ["squares"]),
                ParallelTask.Call("rest", call => call.ValueOf<int>("sum") - call.ValueOf<int>("largest"), dependsOn: ["sum", "largest"]),
                new TaskSpec { TaskId = "broken", Language = "python", Code = "1 / 0" },
                ParallelTask.Call("never", () => "not reached", dependsOn: ["broken"]),
            ],
            progress,
            cancellationToken);

        foreach ((string id, TaskResult result) in results.ById)
        {
            await output.WriteLineAsync($"{id}: {result.Result?.ToString() ?? result.Error?.Message}");
        }
    }
}
