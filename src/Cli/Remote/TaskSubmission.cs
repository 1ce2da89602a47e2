using Executor.Cli.Batch;
using Executor.Configuration.Batches;
using Executor.Execution;
using Executor.Hosting;
using Executor.Http.Wire;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Cli.Remote;

/// <summary>Submits tasks without waiting for them.</summary>
internal static class TaskSubmission
{
    /// <summary>An id that nobody else has.</summary>
    public static string NewId() => Guid.CreateVersion7().ToString();

    /// <summary>The tasks of a file, each with an id and with the files it names.</summary>
    /// <exception cref="UsageException">One of them is not valid.</exception>
    /// <exception cref="TaskBatchException">The file can't be read.</exception>
    public static async Task<IReadOnlyList<TaskSpec>> ReadFileAsync(string file)
    {
        List<TaskSpec> tasks = [];
        List<string> faults = [];
        BatchRequest source = new() { File = file, Parallel = 1 };
        await foreach (TaskBatchEntry entry in source.ReadAsync(CancellationToken.None))
        {
            faults.AddRange(entry.Reading.Faults.Select(fault => $"{file}:{entry.Line}: {fault}"));
            if (entry.Reading.IsValid)
            {
                tasks.Add(BatchTask.WithFiles(entry.Reading.Task, source.Folder) with { TaskId = entry.Reading.Task.TaskId ?? NewId() });
            }
        }

        return faults.Count == 0 ? tasks : throw new UsageException(string.Join('\n', faults));
    }

    /// <summary>Submits one.</summary>
    /// <exception cref="UsageException">Another task has its id.</exception>
    public static async Task<TaskReceipt> SubmitOneAsync(ITaskService service, TaskSpec task, CancellationToken cancellationToken)
    {
        TaskReceipt receipt = (await service.SubmitAsync([task], cancellationToken))[0];
        return receipt.Outcome == SubmitStatus.Conflict ? throw ServerFault.Conflict(receipt) : receipt;
    }

    /// <summary>Submits them, all or none, and writes a line for each.</summary>
    /// <returns>Our exit code.</returns>
    /// <exception cref="UsageException">It is one, and another task has its id.</exception>
    public static async Task<int> SubmitAsync(ITaskService service, IReadOnlyList<TaskSpec> tasks, bool json, CancellationToken cancellationToken)
    {
        IReadOnlyList<TaskReceipt> receipts = tasks.Count == 1
            ? [await SubmitOneAsync(service, tasks[0], cancellationToken)]
            : await service.SubmitAsync(tasks, cancellationToken);
        foreach (TaskReceipt receipt in receipts)
        {
            bool isRefused = receipt.Outcome == SubmitStatus.Conflict;
            if (isRefused)
            {
                Reporter.Say($"{receipt.TaskId}: {ServerFault.Conflict(receipt).Message}");
            }

            if (json)
            {
                Shown.WriteJson(isRefused
                    ? new SubmitReceipt { TaskId = receipt.TaskId, Error = Problem.TaskIdTaken(receipt.TaskId, receipt.Status) }
                    : new SubmitReceipt { TaskId = receipt.TaskId, Status = receipt.Status, Existing = receipt.Outcome == SubmitStatus.Existing }, ApiJson.Wire.SubmitReceipt);
            }
            else if (!isRefused)
            {
                OutputChannel.Stdout.WriteLines([receipt.TaskId]);
            }
        }

        return receipts.Any(receipt => receipt.Outcome == SubmitStatus.Conflict) ? ExitCodes.BadUsage : ExitCodes.Success;
    }
}
