using System.Text.Json;
using Executor.Jobs;
using Executor.Tasks;

namespace Executor.Testing;

/// <summary>A job that logs, and completes at once or, where <c>params.hold</c> says so, waits for its cancellation.</summary>
public sealed class CountJob : IJobType
{
    public string Type => "count";

    public IReadOnlyList<ValidationFault> Validate(JsonElement? parameters) => [];

    public string KeyOf(JsonElement? parameters) => parameters?.GetRawText() ?? "";

    public async Task RunAsync(JobContext job, CancellationToken cancellationToken)
    {
        job.Log("one");
        if (job.Parameters is JsonElement parameters && parameters.TryGetProperty("hold", out _))
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }
}
