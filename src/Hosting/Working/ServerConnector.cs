using System.Net;
using System.Net.WebSockets;
using Executor.Text;

namespace Executor.Hosting.Working;

/// <summary>Opens connections to a server, and says in a person's words why one can't be had.</summary>
internal sealed class ServerConnector(Uri address, Secret? apiKey)
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(20);

    /// <summary>Silence after which the server is asked whether it is there, and how long it may take to answer.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(10);

    /// <summary>A connection; or why there is none.</summary>
    public async Task<(ClientWebSocket? Socket, DialogueEnd? Refusal)> OpenAsync(CancellationToken cancellationToken)
    {
        ClientWebSocket socket = new();
        socket.Options.KeepAliveInterval = KeepAlive;
        socket.Options.KeepAliveTimeout = KeepAlive;
        socket.Options.CollectHttpResponseDetails = true;
        if (apiKey is not null)
        {
            socket.Options.SetRequestHeader("Authorization", $"Bearer {apiKey.Reveal()}");
        }

        using CancellationTokenSource timeLimit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeLimit.CancelAfter(TimeLimit);
        try
        {
            await socket.ConnectAsync(address, timeLimit.Token);
            return (socket, null);
        }
        catch (Exception failed) when (failed is WebSocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            DialogueEnd refusal = socket.HttpStatusCode == 0 ? new DialogueEnd(Unreached(failed)) : Refused(socket.HttpStatusCode);
            socket.Dispose();
            return (null, refusal);
        }
    }

    private string Unreached(Exception failed) => failed is OperationCanceledException
        ? $"{address} does not answer"
        : $"{address} can't be reached: {failed.GetBaseException().Message}";

    private DialogueEnd Refused(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new DialogueEnd(
            apiKey is null
                ? $"{address} wants an API key: give it by --api-key or {WorkerRequest.ApiKeyVariable}"
                : $"{address} refuses the API key that --api-key or {WorkerRequest.ApiKeyVariable} gives",
            IsFinal: true),
        >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests => new DialogueEnd($"{address} answers {(int)status}"),
        _ => new DialogueEnd($"{address} is not where a server takes executors (it answers {(int)status}); by default that is /executors/connect", IsFinal: true),
    };
}
