using System.Globalization;
using System.Text;
using Executor.Hosting;
using Executor.Http.Wire;
using Executor.Jobs;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Cli.Remote;

/// <summary>Shows a job of a server.</summary>
internal static class JobReport
{
    private static readonly TimeSpan FollowInterval = TimeSpan.FromSeconds(1);

    /// <summary>Writes it as lines for a person, or as a line of JSON.</summary>
    public static void Show(JobRecord job, bool json)
    {
        if (json)
        {
            Shown.WriteJson(JobDetail.Of(job), ApiJson.Wire.JobDetail);
            return;
        }

        Shown.WriteFields(
        [
            ("job", job.JobId),
            ("type", job.Type),
            ("params", job.Params?.GetRawText()),
            ("status", Shown.Status(job.Status)),
            ("progress", job.Progress.ToString("0%", CultureInfo.InvariantCulture)),
            ("created", Shown.Time(job.CreatedAt)),
            ("started", job.StartedAt is null ? null : Shown.Time(job.StartedAt)),
            ("ended", job.EndedAt is null ? null : Shown.Time(job.EndedAt)),
            ("error", job.Error is TaskError error ? $"{error.Type}: {error.Message}" : null),
        ]);
    }

    /// <summary>Writes a job's log as it grows, until the job ends, and gives the exit code that tells how.</summary>
    /// <param name="jobs">The server's jobs.</param>
    /// <param name="jobId">The job.</param>
    /// <param name="log">Where the log goes.</param>
    /// <param name="json">Whether the job itself is written at the end, as JSON to standard output.</param>
    /// <param name="cancellationToken">Stops following; the job goes on.</param>
    /// <exception cref="UsageException">There is no such job.</exception>
    public static async Task<int> FollowAsync(IJobService jobs, string jobId, OutputChannel log, bool json, CancellationToken cancellationToken)
    {
        int written = 0;
        TimeSpan wait = TimeSpan.Zero;
        JobRecord? job;
        do
        {
            // In this order: what is in the log when the job has ended is all of it.
            job = await jobs.WaitAsync(jobId, wait, cancellationToken);
            string text = await jobs.GetLogAsync(jobId, cancellationToken) ?? throw ServerFault.NotFound("job", jobId);
            log.Write(Encoding.UTF8.GetBytes(text[int.Min(written, text.Length)..]));
            (written, wait) = (text.Length, FollowInterval);
        }
        while (job is null);

        if (json)
        {
            Show(job, json: true);
        }

        if (job.Error is TaskError error)
        {
            Reporter.Say($"job {jobId} {Shown.Status(job.Status)}: {error.Message}");
        }

        return job.Status == ExecutionStatus.Completed ? ExitCodes.Success : ExitCodes.Failed;
    }
}
