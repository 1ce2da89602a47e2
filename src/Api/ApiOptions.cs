using Executor.Configuration;
using Executor.Storage;

namespace Executor.Api;

/// <summary>How the API is served.</summary>
public sealed record ApiOptions
{
    /// <summary>The configuration's <c>server</c>. Default: its defaults.</summary>
    public ServerOptions Server { get; init; } = new();

    /// <summary>The memory for results that are being answered. Default: <see cref="ResultMemory.OfThisProcess"/>.</summary>
    public ResultMemory Results { get; init; } = ResultMemory.OfThisProcess;

    /// <summary>How long a stream of output may be silent before a comment is sent to keep the connection. Range over 0. Default 15 s.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Further pages that the host serves, behind the API's rules of access. Default none.</summary>
    public IReadOnlyList<HostPages> Pages { get; init; } = [];

    /// <summary>Names of activity sources whose spans are exported beside the API's own. Default none.</summary>
    public IReadOnlyList<string> TraceSources { get; init; } = [];
}
