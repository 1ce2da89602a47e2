namespace Executor.Library;

/// <summary>Tasks of the tests that do next to nothing.</summary>
internal static class SimpleTasks
{
    public static ParallelTask Empty(string id, params string[] parents) => ParallelTask.Call(id, NothingAsync, parents);

    public static ParallelTask Waiting(string id, params string[] parents) => ParallelTask.Call(
        id,
        async (_, stop) =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return null;
        },
        parents);

    public static Task<object?> NothingAsync(ParallelCall call, CancellationToken cancellationToken) => Task.FromResult<object?>(null);
}
