using System.Net.Mime;
using System.Text;
using System.Text.Json;
using Executor.Api.Requests;
using Executor.Execution;
using Executor.Http.Wire;
using Executor.Tasks;
using Microsoft.AspNetCore.Http;

namespace Executor.Api.Tasks;

/// <summary>
/// Writes a task's output as it comes. The next piece is asked for when the one before is written, so a slow reader holds nothing but
/// its own connection.
/// </summary>
/// <param name="context">The request.</param>
/// <param name="service">Where the output comes from.</param>
/// <param name="time">The clock.</param>
/// <param name="keepAlive">How long the stream may be silent before a comment is sent.</param>
internal sealed class OutputWriter(HttpContext context, ITaskService service, TimeProvider time, TimeSpan keepAlive)
{
    private HttpResponse Response => context.Response;

    public async Task WriteAsync(string taskId, OutputPosition after, bool isText)
    {
        using WaitingScope waiting = new(context);
        // The client learns at once that the task is there, however long it stays silent.
        await context.BeginStreamAsync(isText ? $"{MediaTypeNames.Text.Plain}; charset=utf-8" : EventStream.MediaType, waiting.Token);
        await using IAsyncEnumerator<TaskEvent> events = service.WatchAsync(taskId, after, waiting.Token).GetAsyncEnumerator(waiting.Token);
        try
        {
            while (await NextAsync(events, isText))
            {
                await SendAsync(events.Current, isText, waiting.Token);
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or ServiceStoppingException && !context.RequestAborted.IsCancellationRequested)
        {
            // The server stops. Events just end: a client that has not seen "end" asks again. Text that is cut short must not look whole.
            if (isText)
            {
                context.Abort();
            }
        }
    }

    /// <summary>Waits for the next event, and keeps the connection alive meanwhile.</summary>
    private async Task<bool> NextAsync(IAsyncEnumerator<TaskEvent> events, bool isText)
    {
        Task<bool> next = events.MoveNextAsync().AsTask();
        while (!next.IsCompleted && !isText)
        {
            try
            {
                await next.WaitAsync(keepAlive, time);
            }
            catch (TimeoutException) when (!next.IsCompleted)
            {
                await Response.SendAsync(EventStream.Silence, CancellationToken.None);
            }
        }

        return await next;
    }

    private Task SendAsync(TaskEvent found, bool isText, CancellationToken cancellationToken) => (found, isText) switch
    {
        (TaskOutput output, true) => Response.SendAsync(Encoding.UTF8.GetBytes(output.Text), cancellationToken),
        (TaskOutput output, false) => Response.SendAsync(
            EventStream.Event(
                output.Stream == OutputStream.Stdout ? "stdout" : "stderr",
                JsonSerializer.Serialize(new OutputPiece(output.Text), ApiJson.Wire.OutputPiece),
                output.Position.ToString()),
            cancellationToken),
        (OutputEnded, true) => Task.CompletedTask,
        (OutputEnded ended, false) => SendEndAsync(ended.Result, cancellationToken),
        _ => throw new InvalidOperationException($"There is no event {found.GetType().Name}."),
    };

    /// <summary>A server-sent event, too, but of a size that is written piece by piece.</summary>
    private async Task SendEndAsync(TaskResult result, CancellationToken cancellationToken)
    {
        await Response.SendAsync("event: end\ndata: "u8.ToArray(), cancellationToken);
        await ResultJson.WriteAsync(Response.BodyWriter, result, cancellationToken);
        await Response.SendAsync("\n\n"u8.ToArray(), cancellationToken);
    }
}
