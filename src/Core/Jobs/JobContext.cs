using System.Text.Json;

namespace Executor.Jobs;

/// <summary>A job as the one who does it sees it. Safe to call from many threads; nothing here waits.</summary>
/// <param name="jobId">The job.</param>
/// <param name="parameters">What it was asked with; valid.</param>
/// <param name="report">Takes how far it is.</param>
/// <param name="log">Takes a line of its log.</param>
public sealed class JobContext(string jobId, JsonElement? parameters, Action<double> report, Action<string> log)
{
    /// <summary>The job.</summary>
    public string JobId => jobId;

    /// <summary>What it was asked with; valid.</summary>
    public JsonElement? Parameters => parameters;

    /// <summary>Says how far it is. Never goes back; kept in the store now and then.</summary>
    /// <param name="progress">Range 0 to 1; what is outside is cut.</param>
    public void Report(double progress) => report(progress);

    /// <summary>Adds a line to its log; kept in the store in batches. What can't be kept up with is left out, with a mark.</summary>
    public void Log(string line) => log(line);
}
