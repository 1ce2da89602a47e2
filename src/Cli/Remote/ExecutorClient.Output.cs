using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Executor.Execution;

namespace Executor.Cli.Remote;

internal sealed partial class ExecutorClient
{
    /// <summary>
    /// A task's output, from a position on, as it comes; ends with <see cref="OutputEnded"/>. A connection that drops is made again
    /// where it was. When an attempt is repeated the output begins anew: <see cref="OutputPosition.Attempt"/> tells.
    /// </summary>
    /// <param name="taskId">The task.</param>
    /// <param name="after">The position of the last event that was seen; default: the beginning.</param>
    /// <param name="cancellationToken">Stops watching.</param>
    public async IAsyncEnumerable<TaskEvent> WatchAsync(
        string taskId, OutputPosition after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RetrySchedule schedule = new(_time);
        OutputConnection? connection = null;
        try
        {
            while (true)
            {
                TaskEvent? next = null;
                TimeSpan wait = TimeSpan.Zero;
                try
                {
                    connection ??= await OpenOutputAsync(taskId, after, schedule, cancellationToken);
                    next = connection is null ? null : await connection.NextAsync(cancellationToken);
                }
                catch (Exception failed) when (IsLost(failed) || (failed is OperationCanceledException && !cancellationToken.IsCancellationRequested))
                {
                    wait = WaitOrThrow(failed, schedule);
                }

                if (next is null)
                {
                    connection?.Dispose();
                    connection = null;
                    await Task.Delay(wait, _time, cancellationToken);
                    continue;
                }

                schedule.Reset();
                Answered();
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
            connection?.Dispose();
        }
    }

    /// <summary>Asks for the events after a position; null: the server is busy, and its wait is over.</summary>
    private async Task<OutputConnection?> OpenOutputAsync(string taskId, OutputPosition after, RetrySchedule schedule, CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = new(_timeouts.Answer, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        using HttpRequestMessage message = new(HttpMethod.Get, $"{TaskPath(taskId)}/output");
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(OutputConnection.MediaType));
        if (after != default)
        {
            message.Headers.Add("Last-Event-ID", after.ToString());
        }

        HttpResponseMessage response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token);
        if (response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType == OutputConnection.MediaType)
        {
            return new OutputConnection(response, _server, _time);
        }

        using (response)
        {
            TimeSpan wait = response.IsSuccessStatusCode
                ? throw RefusalReader.NotOurs(response, _server)
                : await WaitOrThrowAsync(response, schedule, either.Token);
            await Task.Delay(wait, _time, cancellationToken);
            return null;
        }
    }
}
