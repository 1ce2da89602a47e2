using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Executor.Http;

/// <summary>One connection over which server-sent events come.</summary>
internal sealed class EventConnection : IDisposable
{
    // Servers send a comment every 15 s when there is nothing to say.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(1);

    private readonly HttpResponseMessage _response;
    private readonly HttpFaults _faults;
    private readonly CancellationTokenSource _silence;
    private readonly CancellationTokenSource _closed = new();
    private readonly AnswerStream _body;
    private readonly IAsyncEnumerator<SseItem<string>> _events;

    /// <param name="response">The answer, of which only the head has been read; disposed with this.</param>
    /// <param name="body">Its body.</param>
    /// <param name="maxBytes">The largest event.</param>
    /// <param name="faults">Makes exceptions.</param>
    /// <param name="time">The clock.</param>
    public EventConnection(HttpResponseMessage response, Stream body, long maxBytes, HttpFaults faults, TimeProvider time)
    {
        (_response, _faults) = (response, faults);
        _silence = new CancellationTokenSource(LongestSilence, time);
        _body = new AnswerStream(body, maxBytes, faults.TooLarge, () => _silence.CancelAfter(LongestSilence));
        _events = SseParser.Create(_body).EnumerateAsync(_closed.Token).GetAsyncEnumerator(_closed.Token);
    }

    /// <summary>The next event.</summary>
    /// <param name="cancellationToken">Stops waiting; the connection is of no use after that.</param>
    /// <exception cref="IOException">The connection ended, or nothing came for a minute.</exception>
    public async Task<SseItem<string>> NextAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration cancel = cancellationToken.Register(_closed.Cancel);
        using CancellationTokenRegistration late = _silence.Token.Register(_closed.Cancel);
        try
        {
            _body.Reset();
            return await _events.MoveNextAsync() ? _events.Current : throw new IOException("the server ended it");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException("nothing came for a minute");
        }
    }

    /// <summary>What an event brings.</summary>
    /// <exception cref="HttpServiceException">It is not that.</exception>
    public T Read<T>(SseItem<string> item, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(item.Data, type) ?? throw new JsonException();
        }
        catch (JsonException failed)
        {
            throw NotOurs(failed);
        }
    }

    /// <summary>What comes is not what our servers send.</summary>
    public HttpServiceException NotOurs(Exception? inner = null) => _faults.NotOurs(_response, inner);

    public void Dispose()
    {
        _closed.Cancel();
        _response.Dispose();
        _silence.Dispose();
        _closed.Dispose();
    }
}
