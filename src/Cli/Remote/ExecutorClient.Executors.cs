using Executor.Http.Wire;

namespace Executor.Cli.Remote;

internal sealed partial class ExecutorClient
{
    /// <summary>The registered executors, in the order in which they came.</summary>
    public Task<ExecutorList> ListExecutorsAsync(CancellationToken cancellationToken) =>
        GetAsync("executors", ApiJson.Wire.ExecutorList, cancellationToken);

    /// <summary>Gives an executor nothing more; what it runs goes on.</summary>
    public Task<ExecutorDetail> DrainExecutorAsync(string executorId, CancellationToken cancellationToken) =>
        PostAsync($"executors/{Escape(executorId)}/drain", default, ApiJson.Wire.ExecutorDetail, cancellationToken);
}
