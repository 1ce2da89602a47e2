using System.Net.Sockets;

namespace Executor.Cli.Remote;

/// <summary>Says why a server could not be reached, and what to do.</summary>
internal static class ConnectionFailure
{
    /// <summary>One sentence or two.</summary>
    /// <param name="failed">What <see cref="HttpClient"/> threw.</param>
    /// <param name="server">Which server it was.</param>
    public static string Explain(Exception failed, ServerAddress server)
    {
        string host = server.Url.Host;
        return failed switch
        {
            OperationCanceledException => $"{server.Shown} took the connection but does not answer",
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => $"{server.Shown}: there is no host '{host}'; is --server right?",
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => $"{server.Shown}: no secure connection: {failed.GetBaseException().Message}",
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } when Cause(failed) == SocketError.ConnectionRefused =>
                $"nothing listens at {server.Shown}; start a server there with 'executor serve', or name another with --server or {ServerAddress.ServerVariable}",
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => $"{server.Shown} can't be reached: {failed.GetBaseException().Message}",
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError } =>
                $"what listens at {server.Shown} does not speak HTTP; is --server right?",
            _ => $"the connection to {server.Shown} was lost: {failed.GetBaseException().Message}",
        };
    }

    /// <summary>Whether another attempt may do better.</summary>
    public static bool CanChange(Exception failed) => failed is not HttpRequestException
    {
        HttpRequestError: HttpRequestError.SecureConnectionError or HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError,
    };

    private static SocketError? Cause(Exception failed) => (failed.GetBaseException() as SocketException)?.SocketErrorCode;
}
