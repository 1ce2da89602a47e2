using Executor.Clocks;
using Executor.Text;

namespace Executor.Http;

/// <summary>How a server is reached.</summary>
public sealed record HttpServiceOptions
{
    /// <summary>Its address: http or https, with a path where a proxy serves it under one (<c>https://host/executor/</c>).</summary>
    public required Uri Server { get; init; }

    /// <summary>The key that lets us in, one of the server's <c>server.api_keys</c>. Printable ASCII without blanks. Null: none.</summary>
    public Secret? ApiKey { get; init; }

    /// <summary>How long requests are repeated and answers are waited for. Default: <see cref="HttpTimeLimits.Brief"/>.</summary>
    public HttpTimeLimits TimeLimits { get; init; } = HttpTimeLimits.Brief;

    /// <summary>The largest answer, or single event of a stream, that is read, in MiB. Range 1 to 1,024. Default 256.</summary>
    public int MaxAnswerMb { get; init; } = 256;

    /// <summary>How we name ourselves to the server: the header <c>User-Agent</c>. Default <c>executor-http</c>.</summary>
    public string Product { get; init; } = "executor-http";

    /// <summary>Told in one sentence when the server can't be reached or is busy and is asked again, and null when it answers again. Default: nobody.</summary>
    public Action<string?>? TroubleChanged { get; init; }

    /// <summary>What sends the requests; stays its owner's. Null: sockets of our own, with no redirects and no cookies.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>The clock. Default: <see cref="SteadyTime.System"/>.</summary>
    public TimeProvider Time { get; init; } = SteadyTime.System;
}
