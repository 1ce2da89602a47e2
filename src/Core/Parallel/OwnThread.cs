namespace Executor.Parallel;

/// <summary>
/// Runs functions that hold their thread each on one of its own: the pool grows too slowly for functions that block, and everything else
/// would wait for it meanwhile.
/// </summary>
internal static class OwnThread
{
    public static Task<object?> RunAsync(Func<object?> function) => Task.Factory.StartNew(
        function, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
