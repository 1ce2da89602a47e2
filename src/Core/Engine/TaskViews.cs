using System.Collections.Concurrent;
using Executor.Tasks;

namespace Executor.Engine;

/// <summary>The live tasks that somebody waits for or watches, or that have put something out.</summary>
internal sealed class TaskViews
{
    private readonly ConcurrentDictionary<string, TaskView> _views = [];

    /// <summary>A live task's. To be called, and the parts of it to be taken, under the board's lock: then its end can't be missed.</summary>
    public TaskView Of(string taskId) => _views.GetOrAdd(taskId, _ => new TaskView());

    /// <summary>Tells whoever waits for a task or watches it. After the board has let go of it.</summary>
    public void End(string taskId, TaskResult result)
    {
        if (_views.TryRemove(taskId, out TaskView? view))
        {
            view.End(result);
        }
    }

    /// <summary>Tells whoever waits that the engine stops. Under the board's lock.</summary>
    public void Stop()
    {
        foreach (TaskView view in _views.Values)
        {
            view.Stop();
        }
    }
}
