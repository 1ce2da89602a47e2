using Executor.Cli.Running;
using Executor.Limits;
using Executor.Tasks;

namespace Executor.Cli.Batch;

/// <summary>Makes the tasks of a batch file ready to run: the command line's defaults, and the files they name.</summary>
internal static class BatchTask
{
    /// <summary>The task with what the command line says for tasks that don't.</summary>
    public static TaskSpec WithDefaults(TaskSpec task, string taskId, BatchRequest request)
    {
        bool isPlaced = task.Executor is not null || task.Runner is not null;
        return task with
        {
            TaskId = taskId,
            Executor = isPlaced ? task.Executor : request.Executor,
            Runner = isPlaced ? task.Runner : request.Runner,
            Timeout = task.Timeout ?? request.Timeout,
            UseSandbox = task.UseSandbox && !request.NoSandbox,
        };
    }

    /// <summary>The task with the contents of its <c>working_dir</c> and <c>script</c>, read relative to <paramref name="folder"/>.</summary>
    /// <exception cref="UsageException">One of them can't be read.</exception>
    public static TaskSpec WithFiles(TaskSpec task, string folder)
    {
        bool bringsScript = task.Script is string path && task.Files?.ContainsKey(path) == true;
        if (task.WorkingDir is null && (task.Script is null || bringsScript))
        {
            return task;
        }

        TaskFiles files = new();
        string? workingDir = task.WorkingDir is string below ? Path.Combine(folder, below) : null;
        if (workingDir is not null)
        {
            files.AddFolder(workingDir, task.Limits?.DiskMb ?? TaskLimits.Default.DiskMb!.Value);
        }

        string? script = task.Script is null || bringsScript ? task.Script : files.AddScript(task.Script, folder, workingDir);
        Dictionary<string, TaskFile> all = new(files.All);
        foreach ((string name, TaskFile file) in task.Files ?? all)
        {
            all[name] = file;
        }

        return task with { Files = all, Script = script, WorkingDir = null };
    }
}
