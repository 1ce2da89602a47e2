using System.Text.Json;

namespace Executor.Tasks;

public sealed class ExecutorJsonTests
{
    [Fact]
    public void Task_with_nothing_but_code_has_every_default()
    {
        TaskSpec task = JsonSerializer.Deserialize("""{"code": "x"}""", ExecutorJson.Wire.TaskSpec)!;

        Assert.Equal(new TaskSpec { Code = "x" }, task);
        Assert.True(task.UseSandbox);
    }

    [Fact]
    public void Empty_parts_of_a_task_have_every_default()
    {
        TaskSpec task = JsonSerializer.Deserialize("""{"retry": {}, "cache": {}, "resources": {}, "limits": {}, "runtime_env": {}}""", ExecutorJson.Wire.TaskSpec)!;

        Assert.Equal((new RetryPolicy(), new CacheOptions(), new ResourceRequest()), (task.Retry, task.Cache, task.Resources));
        Assert.Equal((1, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), 1.0), (task.Retry!.MaxAttempts, task.Retry.Backoff, task.Cache!.Ttl, task.Resources!.Cpus));
    }

    [Fact]
    public void Result_survives_the_wire()
    {
        var result = new TaskResult
        {
            TaskId = "t",
            Status = ExecutionStatus.Failed,
            ExitCode = 137,
            Signal = "SIGKILL",
            Stdout = "out\0\uFFFD",
            Stderr = "err",
            Attempt = 3,
            Name = "n",
            Error = new TaskError { Type = "signal", Message = "m" },
            Compile = new StageResult { ExitCode = 0, Stderr = "w" },
            DurationSec = 1.5,
        };

        string json = JsonSerializer.Serialize(result, ExecutorJson.Wire.TaskResult);

        Assert.Equal(result, JsonSerializer.Deserialize(json, ExecutorJson.Wire.TaskResult));
        Assert.Contains("\"status\":\"FAILED\"", json, StringComparison.Ordinal);
        Assert.Contains("\"completed\":true,\"success\":false", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Result_with_the_least_has_every_default()
    {
        TaskResult result = JsonSerializer.Deserialize("""{"task_id": "t", "status": "PENDING"}""", ExecutorJson.Wire.TaskResult)!;

        Assert.Equal(("", "", 1), (result.Stdout, result.Stderr, result.Attempt));
        Assert.NotEqual(Guid.Empty, result.Id);
    }
}
