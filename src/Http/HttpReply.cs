using System.Net;
using Executor.Http.Wire;

namespace Executor.Http;

/// <summary>The answer to an <see cref="HttpAsk"/>.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Value">What was asked for; null: <paramref name="Problem"/> says why not.</param>
/// <param name="Problem">A problem that was expected; null: there is none.</param>
internal readonly record struct HttpReply<T>(HttpStatusCode Status, T? Value, Problem? Problem)
    where T : class;
