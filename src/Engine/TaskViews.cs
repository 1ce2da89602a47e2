using System.Runtime.InteropServices;
using Executor.Tasks;

namespace Executor.Engine;

/// <summary>The live tasks that somebody waits for or watches, or that have put something out.</summary>
internal sealed class TaskViews
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TaskView> _views = [];

    /// <summary>A live task's. To be called, and the parts of it to be taken, under the board's lock: then its end can't be missed.</summary>
    public TaskView Of(string taskId)
    {
        lock (_lock)
        {
            ref TaskView? view = ref CollectionsMarshal.GetValueRefOrAddDefault(_views, taskId, out _);
            return view ??= new TaskView();
        }
    }

    /// <summary>Tells whoever waits for a task or watches it. After the board has let go of it.</summary>
    public void End(string taskId, TaskResult result)
    {
        TaskView? view;
        lock (_lock)
        {
            _views.Remove(taskId, out view);
        }

        view?.End(result);
    }

    /// <summary>Tells whoever waits that the engine stops. After the board has stopped: nobody begins to wait any more.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            foreach (TaskView view in _views.Values)
            {
                view.Stop();
            }
        }
    }
}
