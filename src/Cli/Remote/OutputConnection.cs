using System.Net.ServerSentEvents;
using System.Text.Json;
using Executor.Execution;
using Executor.Http.Wire;
using Executor.Tasks;

namespace Executor.Cli.Remote;

/// <summary>One connection over which a task's output comes as server-sent events.</summary>
/// <param name="response">The answer, of which only the head has been read; disposed with this.</param>
/// <param name="server">Where it comes from.</param>
/// <param name="time">The clock.</param>
internal sealed class OutputConnection(HttpResponseMessage response, ServerAddress server, TimeProvider time) : IDisposable
{
    /// <summary>How server-sent events are announced.</summary>
    public const string MediaType = "text/event-stream";

    // Servers send a comment every 15 s when there is nothing to say.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _silence = new(LongestSilence, time);
    private readonly CancellationTokenSource _closed = new();
    private IAsyncEnumerator<SseItem<string>>? _events;

    /// <summary>The next event.</summary>
    /// <param name="cancellationToken">Stops waiting; the connection is of no use after that.</param>
    /// <exception cref="IOException">The connection ended before the task did.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or nothing came for a minute.</exception>
    public async Task<TaskEvent> NextAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration cancel = cancellationToken.Register(_closed.Cancel);
        using CancellationTokenRegistration late = _silence.Token.Register(_closed.Cancel);
        _events ??= await OpenAsync();
        while (await _events.MoveNextAsync())
        {
            if (Read(_events.Current) is TaskEvent known)
            {
                return known;
            }
        }

        throw new IOException("the server ended it");
    }

    public void Dispose()
    {
        _closed.Cancel();
        response.Dispose();
        _silence.Dispose();
        _closed.Dispose();
    }

    private async Task<IAsyncEnumerator<SseItem<string>>> OpenAsync()
    {
        Stream body = await response.Content.ReadAsStreamAsync(_closed.Token);
        return SseParser.Create(new HeardStream(body, () => _silence.CancelAfter(LongestSilence))).EnumerateAsync(_closed.Token).GetAsyncEnumerator(_closed.Token);
    }

    /// <summary>The event; null: a kind that only newer clients know.</summary>
    private TaskEvent? Read(SseItem<string> item)
    {
        try
        {
            return item.EventType switch
            {
                "stdout" => new TaskOutput(PositionOf(item), OutputStream.Stdout, TextOf(item)),
                "stderr" => new TaskOutput(PositionOf(item), OutputStream.Stderr, TextOf(item)),
                "end" => new OutputEnded(JsonSerializer.Deserialize(item.Data, ApiJson.Wire.TaskResult) ?? throw new JsonException()),
                _ => null,
            };
        }
        catch (JsonException failed)
        {
            throw RefusalReader.NotOurs(response, server, failed);
        }
    }

    private static string TextOf(SseItem<string> item) => (JsonSerializer.Deserialize(item.Data, ApiJson.Wire.OutputPiece) ?? throw new JsonException()).Text;

    private static OutputPosition PositionOf(SseItem<string> item) =>
        OutputPosition.TryParse(item.EventId, out OutputPosition position) ? position : throw new JsonException();
}
