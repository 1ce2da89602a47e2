using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Executor.Http.Wire;
using Executor.Sessions;
using Executor.Tasks;

namespace Executor.Cli.Remote;

internal sealed partial class ExecutorClient
{
    /// <summary>Opens a session and waits until it is ready. With an id of its own: said twice it is the same.</summary>
    public Task<SessionInfo> OpenSessionAsync(SessionSpec spec, CancellationToken cancellationToken) =>
        PostAsync("sessions", JsonSerializer.SerializeToUtf8Bytes(spec, ApiJson.Wire.SessionSpec), ApiJson.Wire.SessionInfo, cancellationToken);

    /// <summary>The open sessions, oldest first.</summary>
    public Task<SessionList> ListSessionsAsync(CancellationToken cancellationToken) => GetAsync("sessions", ApiJson.Wire.SessionList, cancellationToken);

    /// <summary>A session as it is now.</summary>
    public Task<SessionInfo> GetSessionAsync(string sessionId, CancellationToken cancellationToken) =>
        GetAsync($"sessions/{Escape(sessionId)}", ApiJson.Wire.SessionInfo, cancellationToken);

    /// <summary>Interrupts what is executed.</summary>
    public Task<SessionInfo> InterruptSessionAsync(string sessionId, CancellationToken cancellationToken) =>
        PostAsync($"session/{Escape(sessionId)}/interrupt", default, ApiJson.Wire.SessionInfo, cancellationToken);

    /// <summary>Ends the interpreter and begins another.</summary>
    public Task<SessionInfo> RestartSessionAsync(string sessionId, CancellationToken cancellationToken) =>
        PostAsync($"session/{Escape(sessionId)}/restart", default, ApiJson.Wire.SessionInfo, cancellationToken);

    /// <summary>Closes a session.</summary>
    public Task CloseSessionAsync(string sessionId, CancellationToken cancellationToken) => DeleteAsync($"sessions/{Escape(sessionId)}", cancellationToken);

    /// <summary>Executes code and waits for its end. Asked once only: who repeats it may execute it twice. Cancelling interrupts it.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="request">The code.</param>
    /// <param name="live">Receives output as it comes.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    public async Task<SessionExecution> ExecuteAsync(string sessionId, ExecuteRequest request, OutputReceiver live, CancellationToken cancellationToken)
    {
        using HttpRequestMessage message = new Request(HttpMethod.Post, $"session/{Escape(sessionId)}/execute")
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Wire.ExecuteRequest),
        }.ToMessage();
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(OutputConnection.MediaType));
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.IsSuccessStatusCode
                ? await ReadExecutionAsync(response, live, cancellationToken)
                : throw await RefusalReader.ReadAsync(response, _server, cancellationToken);
        }
        catch (Exception failed) when (IsLost(failed))
        {
            throw new ServerUnavailableException(ConnectionFailure.Explain(failed, _server), failed);
        }
    }

    private async Task<SessionExecution> ReadExecutionAsync(HttpResponseMessage response, OutputReceiver live, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
            await foreach (SseItem<string> item in SseParser.Create(body).EnumerateAsync(cancellationToken))
            {
                if (item.EventType == "end")
                {
                    return JsonSerializer.Deserialize(item.Data, ApiJson.Wire.SessionExecution) ?? throw new JsonException();
                }

                string text = (JsonSerializer.Deserialize(item.Data, ApiJson.Wire.OutputPiece) ?? throw new JsonException()).Text;
                await live(item.EventType == "stderr" ? OutputStream.Stderr : OutputStream.Stdout, Encoding.UTF8.GetBytes(text), cancellationToken);
            }
        }
        catch (JsonException failed)
        {
            throw RefusalReader.NotOurs(response, _server, failed);
        }

        throw new IOException("the server ended it");
    }
}
