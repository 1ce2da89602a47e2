using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Executor.Limits;
using Executor.Runners.Plans;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Benchmarks.Parts;

/// <summary>The parts of ours that every task passes through.</summary>
[MemoryDiagnoser]
public class PartsBenchmark
{
    private readonly TaskSpec _task = new() { TaskId = "t", Language = "python", Code = "print('hello')", Args = ["a"], Stdin = "line", Timeout = TimeSpan.FromSeconds(5) };
    private readonly EffectiveLimits _limits = LimitResolver.Resolve(null);
    private readonly string _traceback = "Traceback (most recent call last):\n" + string.Concat(Enumerable.Repeat("  File \"/work/main.py\", line 2, in f\n    f(n - 1)\n", 50)) + "ValueError: no such thing\n";
    private readonly TaskResult _result = new() { TaskId = "t", Status = ExecutionStatus.Completed, Stdout = "hello\n", ExitCode = 0 };
    private byte[] _json = [];

    [GlobalSetup]
    public void Setup() => _json = JsonSerializer.SerializeToUtf8Bytes(_task, ExecutorJson.Wire.TaskSpec);

    [Benchmark]
    public TaskSpec? ReadTaskJson() => JsonSerializer.Deserialize(_json, ExecutorJson.Wire.TaskSpec);

    [Benchmark]
    public int ValidateTask() => TaskSpecValidator.Validate(_task).Count;

    [Benchmark]
    public ExecutionPlan PlanTask()
    {
        ExecutionPlanner.Choose(_task, RuntimeCatalog.BuiltIn, out RuntimeDefinition? runtime);
        return ExecutionPlanner.Plan(_task, runtime, "/usr/bin/python3", _limits, _limits);
    }

    [Benchmark]
    public TaskError ParseTraceback() => ProgramErrorParser.Parse(RuntimeCatalog.BuiltIn.Find("python"), 1, null, _traceback);

    [Benchmark]
    public int WriteResultJson() =>
        JsonSerializer.SerializeToUtf8Bytes(_result, ExecutorJson.Wire.TaskResult).Length;
}
