using System.Text.Json;
using Executor.Jobs;
using Executor.Tasks;

namespace Executor.Engine.Jobs;

/// <summary>A job that does what the test says, once it may.</summary>
internal sealed class ScriptedJob(Func<JobContext, CancellationToken, Task> run) : IJobType
{
    private int _runs;

    public string Type => "test.scripted";

    public int Runs => _runs;

    public IReadOnlyList<ValidationFault> Validate(JsonElement? parameters) =>
        parameters is JsonElement given && given.TryGetProperty("bad", out _) ? [new("params.bad", "is not to be given")] : [];

    public string KeyOf(JsonElement? parameters) => parameters?.GetRawText() ?? "";

    public Task RunAsync(JobContext job, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _runs);
        return run(job, cancellationToken);
    }
}
