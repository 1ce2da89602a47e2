using System.Globalization;
using System.Text.Json;
using Executor.Http.Wire;

namespace Executor.Cli.Remote;

internal sealed partial class ExecutorClient
{
    /// <summary>Begins a job, or joins one of the same type and params that has not ended.</summary>
    public Task<JobDetail> StartJobAsync(JobRequest request, CancellationToken cancellationToken) =>
        PostAsync("jobs", JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Wire.JobRequest), ApiJson.Wire.JobDetail, cancellationToken);

    /// <summary>The newest jobs, newest first.</summary>
    /// <param name="limit">How many. Range 1 to 10,000.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<JobList> ListJobsAsync(int limit, CancellationToken cancellationToken) =>
        GetAsync($"jobs{Query([("limit", limit.ToString(CultureInfo.InvariantCulture))])}", ApiJson.Wire.JobList, cancellationToken);

    /// <summary>A job as it is when it has ended, or after the wait.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="wait">How long to wait for its end. Range 0 to 300 s.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<JobDetail> GetJobAsync(string jobId, TimeSpan wait, CancellationToken cancellationToken)
    {
        string? seconds = wait > TimeSpan.Zero ? wait.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) : null;
        return GetAsync($"jobs/{Escape(jobId)}{Query([("wait", seconds)])}", ApiJson.Wire.JobDetail, cancellationToken, wait);
    }

    /// <summary>A job's log until now.</summary>
    public Task<string> GetJobLogAsync(string jobId, CancellationToken cancellationToken) => SendAsync(
        new Request(HttpMethod.Get, $"jobs/{Escape(jobId)}/log"),
        (response, token) => response.Content.ReadAsStringAsync(token),
        cancellationToken);

    /// <summary>Asks for a job's end, and tells where it is then.</summary>
    public Task<JobDetail> CancelJobAsync(string jobId, CancellationToken cancellationToken) =>
        PostAsync($"jobs/{Escape(jobId)}/cancel", default, ApiJson.Wire.JobDetail, cancellationToken);
}
