using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace Executor.Api.Monitoring;

/// <summary>Counts requests by the status they were answered with.</summary>
internal sealed class RequestCounts
{
    private readonly ConcurrentDictionary<int, StrongBox> _byStatus = [];

    /// <summary>The counts, by status.</summary>
    public IEnumerable<(int Status, long Count)> All => _byStatus.OrderBy(entry => entry.Key).Select(entry => (entry.Key, Interlocked.Read(ref entry.Value.Count)));

    public RequestDelegate Around(RequestDelegate next) => async context =>
    {
        await next(context);
        // A client that left was not answered, whatever was meant for it.
        int status = context.RequestAborted.IsCancellationRequested ? StatusCodes.Status499ClientClosedRequest : context.Response.StatusCode;
        Interlocked.Increment(ref _byStatus.GetOrAdd(status, static _ => new StrongBox()).Count);
    };

    private sealed class StrongBox
    {
        public long Count;
    }
}
