using System.Text.Json;
using Executor.Cli.Batch;
using Executor.Configuration.Batches;
using Executor.Hosting;
using Executor.Http.Wire;
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

    /// <summary>Submits them, all or none, and writes a line for each.</summary>
    /// <returns>Our exit code.</returns>
    public static async Task<int> SubmitAsync(ExecutorClient client, IReadOnlyList<TaskSpec> tasks, bool json, CancellationToken cancellationToken)
    {
        IReadOnlyList<SubmitReceipt> receipts = tasks.Count == 1
            ? [await client.SubmitAsync(tasks[0], cancellationToken)]
            : (await client.SubmitAsync([.. tasks.Select(task => JsonSerializer.SerializeToUtf8Bytes(task, ApiJson.Wire.TaskSpec))], cancellationToken)).Tasks;
        foreach (SubmitReceipt receipt in receipts)
        {
            if (receipt.Error is Problem problem)
            {
                Reporter.Say($"{receipt.TaskId}: {RefusalReader.Describe(problem)}");
            }

            if (json)
            {
                Shown.WriteJson(receipt, ApiJson.Wire.SubmitReceipt);
            }
            else if (receipt.Error is null)
            {
                OutputChannel.Stdout.WriteLines([receipt.TaskId]);
            }
        }

        return receipts.Any(receipt => receipt.Error is not null) ? ExitCodes.BadUsage : ExitCodes.Success;
    }
}
