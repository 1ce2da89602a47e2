using Microsoft.AspNetCore.Http;

namespace Executor.Api;

/// <summary>
/// Pages of the host's own at and below a path. They need a key as everything does; a browser, which can't send one as
/// programs do, may send it as the password of HTTP's Basic scheme, and is asked for it.
/// </summary>
/// <param name="Path">The path, as <c>/name</c>.</param>
/// <param name="Serve">Answers a request that may come in.</param>
public sealed record HostPages(string Path, RequestDelegate Serve);
