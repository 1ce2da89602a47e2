using System.Globalization;
using System.Net;
using System.Text.Json;
using Executor.Http.Wire;
using Executor.Jobs;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Http;

/// <summary><c>/jobs</c>.</summary>
internal sealed class HttpJobs(HttpConnection connection) : IJobService
{
    /// <inheritdoc/>
    public async Task<JobRecord> StartAsync(string type, JsonElement? parameters, CancellationToken cancellationToken)
    {
        JobRequest request = new() { Type = type, Params = parameters is { ValueKind: JsonValueKind.Undefined } ? null : parameters };
        HttpAsk ask = new(HttpMethod.Post, "jobs") { Body = JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Wire.JobRequest) };
        return (await connection.SendAsync(ask, ApiJson.Wire.JobDetail, job => job.ToRecord(), cancellationToken)).Value!;
    }

    /// <inheritdoc/>
    public Task<JobRecord?> GetAsync(string jobId, CancellationToken cancellationToken) => FindAsync(jobId, TimeSpan.Zero, cancellationToken);

    /// <inheritdoc/>
    public async Task<string?> GetLogAsync(string jobId, CancellationToken cancellationToken) => HttpAsk.IsId(jobId)
        ? (await connection.SendAsync(HttpAsk.Find($"{PathOf(jobId)}/log"), ReadTextAsync, cancellationToken)).Value
        : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<JobRecord>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPage(limit);
        return (await connection.SendAsync(
            new HttpAsk(HttpMethod.Get, $"jobs?limit={limit.ToString(CultureInfo.InvariantCulture)}"),
            ApiJson.Wire.JobList,
            list => list.Jobs.Select(job => job.ToRecord()).ToArray(),
            cancellationToken)).Value!;
    }

    /// <inheritdoc/>
    public Task<JobRecord?> WaitAsync(string jobId, TimeSpan timeout, CancellationToken cancellationToken) => LongWait.UntilAsync(
        async part =>
        {
            JobRecord? job = await FindAsync(jobId, part, cancellationToken);
            return (job is null, job?.Status.IsFinal() == true ? job : null);
        },
        timeout,
        connection.Time,
        cancellationToken);

    /// <inheritdoc/>
    public async Task<CancelOutcome> CancelAsync(string jobId, CancellationToken cancellationToken)
    {
        if (!HttpAsk.IsId(jobId))
        {
            return CancelOutcome.NotFound;
        }

        HttpAsk ask = new(HttpMethod.Post, $"{PathOf(jobId)}/cancel") { Expected = CancelAnswer.Expected };
        HttpReply<JobDetail> reply = await connection.SendAsync(ask, ApiJson.Wire.JobDetail, cancellationToken);
        return CancelAnswer.OutcomeOf(reply.Status, reply.Value?.AlreadyEnded == true);
    }

    private async Task<JobRecord?> FindAsync(string jobId, TimeSpan wait, CancellationToken cancellationToken) => HttpAsk.IsId(jobId)
        ? (await connection.SendAsync(
            HttpAsk.Find($"{PathOf(jobId)}{HttpAsk.WaitQuery(wait)}") with { Wait = wait }, ApiJson.Wire.JobDetail, job => job.ToRecord(), cancellationToken)).Value
        : null;

    private async Task<string> ReadTextAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using StreamReader reader = new(await connection.BodyOfAsync(response, cancellationToken));
        return await reader.ReadToEndAsync(cancellationToken);
    }

    private static string PathOf(string jobId) => $"jobs/{HttpAsk.Escape(jobId)}";
}
