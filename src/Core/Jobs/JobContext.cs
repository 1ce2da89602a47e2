using System.Text.Json;

namespace Executor.Jobs;

/// <summary>A job as the one who does it sees it. Safe to call from many threads; nothing here waits.</summary>
public sealed class JobContext
{
    private readonly ActiveJob _job;

    internal JobContext(ActiveJob job) => _job = job;

    /// <summary>The job.</summary>
    public string JobId => _job.Record.JobId;

    /// <summary>What it was asked with; valid.</summary>
    public JsonElement? Parameters => _job.Record.Params;

    /// <summary>Says how far it is. Never goes back; kept in the store now and then.</summary>
    /// <param name="progress">Range 0 to 1; what is outside is cut.</param>
    public void Report(double progress) => _job.Report(progress);

    /// <summary>Adds a line to its log; kept in the store in batches. What can't be kept up with is left out, with a mark.</summary>
    public void Log(string line) => _job.Log(line);
}
