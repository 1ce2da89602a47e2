using System.Net.Mime;
using System.Reflection;
using Executor.Storage;
using Executor.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Executor.Api.Tasks;

/// <summary>200 with a task's result, which is written as fast as the client reads and let go of then.</summary>
internal sealed class ResultAnswer(HeldResult held) : IResult, IEndpointMetadataProvider, IStatusCodeHttpResult
{
    // Others may wait for the memory: a client that reads slower than this is cut off.
    private const double LeastBytesPerSecond = 32 << 10;
    private static readonly TimeSpan DataGrace = TimeSpan.FromSeconds(10);

    public int? StatusCode => StatusCodes.Status200OK;

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(TaskResult), [MediaTypeNames.Application.Json]));

    public async Task ExecuteAsync(HttpContext context)
    {
        using (held)
        {
            if (held.IsCounted)
            {
                DemandHaste(context);
            }

            context.Response.ContentType = $"{MediaTypeNames.Application.Json}; charset=utf-8";
            try
            {
                await ResultJson.WriteAsync(context.Response.BodyWriter, held.Result, context.RequestAborted);
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                // Nobody reads it any more.
            }
        }
    }

    /// <summary>Has the connection cut off if it takes an answer slower than others can wait for.</summary>
    public static void DemandHaste(HttpContext context)
    {
        // HTTP/2 has one rate for all of a connection, and no such feature.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is IHttpMinResponseDataRateFeature rate)
        {
            rate.MinDataRate = new MinDataRate(LeastBytesPerSecond, DataGrace);
        }
    }
}
