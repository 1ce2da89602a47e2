using System.Net.Mime;
using Executor.Api.Problems;
using Executor.Http.Wire;
using Executor.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Executor.Api.Requests;

/// <summary>Reads request bodies as a whole, up to a limit. The only way in which endpoints read them.</summary>
/// <param name="maxMb">The largest body, in MiB. Range 1 to 2,047.</param>
/// <param name="budget">Where the memory for them comes from.</param>
internal sealed class BodyReader(int maxMb, BodyBudget budget)
{
    private static readonly TimeSpan BusyRetry = TimeSpan.FromSeconds(1);

    private readonly int _maxBytes = maxMb << 20;

    /// <summary>Reads a body of JSON.</summary>
    public Task<RequestBody> ReadJsonAsync(HttpRequest request)
    {
        MediaTypeOf(request, [MediaTypeNames.Application.Json]);
        return ReadAsync(request);
    }

    /// <summary>The body's media type, which is one of those given.</summary>
    /// <exception cref="ProblemException">It is not, or not in UTF-8, or compressed.</exception>
    public static string MediaTypeOf(HttpRequest request, IReadOnlyList<string> supported)
    {
        string right = $"send {string.Join(" or ", supported)}";
        if (request.ContentType is null)
        {
            throw ProblemKinds.UnsupportedMedia($"the Content-Type header is missing; {right}");
        }

        // Clients add parameters of their own; only the charset matters.
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            || supported.FirstOrDefault(known => type.MediaType.Equals(known, StringComparison.OrdinalIgnoreCase)) is not string found)
        {
            throw ProblemKinds.UnsupportedMedia($"the Content-Type '{QuotedText.Cut(request.ContentType)}' is not supported; {right}");
        }

        if (type.Charset is { Length: > 0 } charset && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            throw ProblemKinds.UnsupportedMedia($"the charset '{QuotedText.Cut(charset.ToString())}' is not supported; send utf-8");
        }

        if (request.Headers.ContentEncoding is { Count: > 0 } encoding && encoding != "identity")
        {
            throw ProblemKinds.UnsupportedMedia($"the Content-Encoding '{QuotedText.Cut(encoding.ToString())}' is not supported; send the body as it is");
        }

        return found;
    }

    /// <summary>Reads the body. To be disposed when nothing of it is needed any more.</summary>
    /// <exception cref="ProblemException">It is too large, or there is no memory for it at the moment.</exception>
    public async Task<RequestBody> ReadAsync(HttpRequest request)
    {
        ThrowIfTooLarge(request.ContentLength ?? 0);
        var body = new RequestBody(budget);
        try
        {
            // A byte over the limit tells that there is more.
            int most = request.ContentLength is long announced ? (int)announced : _maxBytes + 1;
            for (int read = -1; read != 0 && body.Bytes.Length < most;)
            {
                Memory<byte> room = body.Room(most);
                if (room.IsEmpty)
                {
                    throw ProblemKinds.Unavailable(ProblemTypes.Busy, "the server reads as many large bodies as it has memory for", BusyRetry);
                }

                read = await request.Body.ReadAsync(room, request.HttpContext.RequestAborted);
                body.Advance(read);
                ThrowIfTooLarge(body.Bytes.Length);
            }

            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    private void ThrowIfTooLarge(long length)
    {
        if (length > _maxBytes)
        {
            throw ProblemKinds.BodyTooLarge($"a body may have at most {maxMb} MiB (server.max_body_mb)");
        }
    }
}
