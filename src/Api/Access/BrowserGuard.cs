using System.Net;
using Executor.Api.Problems;
using Executor.Text;
using Microsoft.AspNetCore.Http;

namespace Executor.Api.Access;

/// <summary>
/// Keeps web pages out of a server that asks for no key. It only listens on this machine, but a browser on this machine sends requests
/// for any page it shows: to a name that the page's owner points here (DNS rebinding), or across origins.
/// </summary>
internal static class BrowserGuard
{
    /// <exception cref="ProblemException">A page of somebody else may have sent it.</exception>
    public static void Check(HttpRequest request)
    {
        if (!IsLoopback(request.Host.Host))
        {
            throw ProblemKinds.Forbidden(
                $"the Host '{QuotedText.Cut(request.Host.Value ?? "")}' is not this machine's own name; use localhost or 127.0.0.1, or set server.api_keys");
        }

        bool isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        bool isUpgrade = request.Headers.ContainsKey("Upgrade");
        if ((!isRead || isUpgrade) && request.Headers.Origin is { Count: > 0 } origin && !IsOwn(origin.ToString(), request.Host))
        {
            throw ProblemKinds.Forbidden(
                $"the request comes from a page of {QuotedText.Cut(origin.ToString())}; set server.api_keys to let other pages' clients in");
        }
    }

    private static bool IsLoopback(string host)
    {
        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            return IPAddress.IsLoopback(address);
        }

        string name = host.TrimEnd('.');
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && uri.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase);
}
