using System.Runtime.CompilerServices;
using Executor.Execution;
using Executor.Tasks;

namespace Executor.Engine;

public sealed partial class ExecutionEngine
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<TaskEvent> WatchAsync(
        string taskId, OutputPosition after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        OutputLog? output = null;
        lock (_lock)
        {
            if (_tasks.TryGetValue(taskId, out LiveTask? task))
            {
                output = task.NeedDetails().Output;
            }
        }

        if (output is not null)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
            await foreach (TaskEvent found in output.ReadAsync(after, either.Token))
            {
                yield return found;
            }
        }
        else if (await _store.GetResultAsync(taskId, cancellationToken) is TaskResult result)
        {
            foreach (TaskEvent found in OutputText.Of(result, after))
            {
                yield return found;
            }
        }
    }
}
