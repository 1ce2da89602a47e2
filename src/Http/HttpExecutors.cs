using Executor.Executors;
using Executor.Http.Wire;

namespace Executor.Http;

/// <summary><c>/executors</c>.</summary>
internal sealed class HttpExecutors(HttpConnection connection) : IExecutorRegistry
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<ExecutorInfo>> ListExecutorsAsync(CancellationToken cancellationToken) => (await connection.SendAsync(
        new HttpAsk(HttpMethod.Get, "executors"),
        ApiJson.Wire.ExecutorList,
        list => list.Executors.Select(executor => executor.ToInfo()).ToArray(),
        cancellationToken)).Value!;

    /// <inheritdoc/>
    public async Task<bool> DrainExecutorAsync(string executorId, CancellationToken cancellationToken) =>
        HttpAsk.IsId(executorId)
        && (await connection.SendAsync(HttpAsk.Act($"executors/{HttpAsk.Escape(executorId)}/drain"), ApiJson.Wire.ExecutorDetail, cancellationToken)).Value is not null;
}
