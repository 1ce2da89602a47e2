using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Executor.Execution;
using Executor.Http.Wire;
using Executor.Tasks;

namespace Executor.Http;

internal sealed partial class HttpTasks
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<TaskEvent> WatchAsync(string taskId, OutputPosition after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RetrySchedule schedule = new(connection.Time);
        EventConnection? events = null;
        try
        {
            while (HttpAsk.IsId(taskId))
            {
                TaskEvent? next = null;
                TimeSpan? wait = null;
                try
                {
                    if (events is null)
                    {
                        (HttpReply<EventConnection> reply, wait) = await connection.TryOpenAsync(AskOf(taskId, after), schedule, cancellationToken);
                        events = reply.Value;
                        if (reply.Problem is not null)
                        {
                            yield break;
                        }
                    }

                    next = events is null ? null : await NextAsync(events, cancellationToken);
                }
                catch (Exception failed) when (HttpFaults.IsLost(failed))
                {
                    events?.Dispose();
                    events = null;
                    wait = connection.WaitOrThrow(failed, schedule);
                }

                if (next is null)
                {
                    await Task.Delay(wait ?? TimeSpan.Zero, connection.Time, cancellationToken);
                    continue;
                }

                schedule.Reset();
                connection.Answered();
                yield return next;
                if (next is OutputEnded)
                {
                    yield break;
                }

                after = ((TaskOutput)next).Position;
            }
        }
        finally
        {
            events?.Dispose();
        }
    }

    private static HttpAsk AskOf(string taskId, OutputPosition after) => new(HttpMethod.Get, $"{PathOf(taskId)}/output")
    {
        Expected = [HttpStatusCode.NotFound],
        IsStream = true,
        LastEventId = after == default ? null : after.ToString(),
    };

    /// <summary>The next event of a kind that we know.</summary>
    private static async Task<TaskEvent> NextAsync(EventConnection events, CancellationToken cancellationToken)
    {
        while (true)
        {
            SseItem<string> item = await events.NextAsync(cancellationToken);
            switch (item.EventType)
            {
                case "stdout":
                    return OutputOf(events, item, OutputStream.Stdout);
                case "stderr":
                    return OutputOf(events, item, OutputStream.Stderr);
                case "end":
                    return new OutputEnded(events.Read(item, ApiJson.Wire.TaskResult));
            }
        }
    }

    private static TaskOutput OutputOf(EventConnection events, SseItem<string> item, OutputStream stream) => new(
        OutputPosition.TryParse(item.EventId, out OutputPosition position) ? position : throw events.NotOurs(),
        stream,
        events.Read(item, ApiJson.Wire.OutputPiece).Text);
}
