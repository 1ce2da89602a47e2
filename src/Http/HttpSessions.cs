using System.Net;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Executor.Http.Wire;
using Executor.Sessions;
using Executor.Tasks;

namespace Executor.Http;

/// <summary><c>/sessions</c>.</summary>
internal sealed class HttpSessions(HttpConnection connection) : ISessionService
{
    /// <inheritdoc/>
    public async Task<SessionInfo> OpenAsync(SessionSpec spec, CancellationToken cancellationToken)
    {
        // Named here, a session that is asked for again since the answer was lost is the same one.
        SessionSpec named = spec with { SessionId = spec.SessionId ?? Guid.CreateVersion7().ToString() };
        HttpAsk ask = new(HttpMethod.Post, "sessions")
        {
            Body = RequestJson.Of(named, ApiJson.Wire.SessionSpec, SessionValidator.Validate),
            Wait = connection.Limits.SessionStart,
            Expected = [HttpStatusCode.Conflict],
        };
        HttpReply<SessionInfo> reply = await connection.SendAsync(ask, ApiJson.Wire.SessionInfo, cancellationToken);
        return reply.Value ?? throw SessionException.Conflict(named.SessionId);
    }

    /// <inheritdoc/>
    public async Task<SessionInfo?> GetAsync(string sessionId, CancellationToken cancellationToken) => HttpAsk.IsId(sessionId)
        ? (await connection.SendAsync(HttpAsk.Find($"sessions/{HttpAsk.Escape(sessionId)}"), ApiJson.Wire.SessionInfo, cancellationToken)).Value
        : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SessionInfo>> ListAsync(CancellationToken cancellationToken) =>
        (await connection.SendAsync(new HttpAsk(HttpMethod.Get, "sessions"), ApiJson.Wire.SessionList, cancellationToken)).Value!.Sessions;

    /// <inheritdoc/>
    public async Task<SessionExecution?> ExecuteAsync(string sessionId, ExecuteRequest request, OutputReceiver? live, CancellationToken cancellationToken)
    {
        if (!HttpAsk.IsId(sessionId))
        {
            return null;
        }

        // As events whether or not somebody watches: so a connection is not silent for as long as the code runs.
        HttpAsk ask = new(HttpMethod.Post, $"{PathOf(sessionId)}/execute")
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Wire.ExecuteRequest),
            Expected = [HttpStatusCode.NotFound],
            IsStream = true,
        };
        using EventConnection? events = (await connection.OpenOnceAsync(ask, cancellationToken)).Value;
        while (events is not null)
        {
            SseItem<string> item = await NextAsync(events, cancellationToken);
            switch (item.EventType)
            {
                case "end":
                    return events.Read(item, ApiJson.Wire.SessionExecution);
                case "problem":
                    throw connection.Faults.Of(events.Read(item, ApiJson.Wire.Problem));
                case "stdout" or "stderr" when live is not null:
                    OutputStream stream = item.EventType == "stderr" ? OutputStream.Stderr : OutputStream.Stdout;
                    await live(stream, Encoding.UTF8.GetBytes(events.Read(item, ApiJson.Wire.OutputPiece).Text), cancellationToken);
                    break;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public async Task<bool> InterruptAsync(string sessionId, CancellationToken cancellationToken) =>
        HttpAsk.IsId(sessionId)
        && (await connection.SendAsync(HttpAsk.Act($"{PathOf(sessionId)}/interrupt"), ApiJson.Wire.SessionInfo, cancellationToken)).Value is not null;

    /// <inheritdoc/>
    public async Task<SessionInfo?> RestartAsync(string sessionId, CancellationToken cancellationToken) => HttpAsk.IsId(sessionId)
        ? (await connection.SendAsync(
            HttpAsk.Act($"{PathOf(sessionId)}/restart") with { Wait = connection.Limits.SessionStart }, ApiJson.Wire.SessionInfo, cancellationToken)).Value
        : null;

    /// <inheritdoc/>
    public async Task<bool> CloseAsync(string sessionId, CancellationToken cancellationToken)
    {
        if (!HttpAsk.IsId(sessionId))
        {
            return false;
        }

        HttpAsk ask = new(HttpMethod.Delete, $"sessions/{HttpAsk.Escape(sessionId)}") { Expected = [HttpStatusCode.NotFound] };
        return (await connection.SendAsync(ask, (_, _) => Task.FromResult(""), cancellationToken)).Value is not null;
    }

    private async Task<SseItem<string>> NextAsync(EventConnection events, CancellationToken cancellationToken)
    {
        try
        {
            return await events.NextAsync(cancellationToken);
        }
        catch (Exception failed) when (HttpFaults.IsLost(failed))
        {
            throw connection.Faults.OfConnection(failed);
        }
    }

    private static string PathOf(string sessionId) => $"session/{HttpAsk.Escape(sessionId)}";
}
