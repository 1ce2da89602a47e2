using Executor.Cli.Batch;
using Executor.Http.Wire;
using Executor.Tasks;

namespace Executor.Cli.Remote;

/// <summary>
/// Submits the tasks of a batch, many at a time. A task that an interrupted batch cancelled is submitted again under its id with
/// <c>.2</c> after it (<c>.3</c>, …), and so are those that depended on it.
/// </summary>
/// <param name="client">The server.</param>
/// <param name="ledger">Told of tasks that the server does not take.</param>
internal sealed class BatchSubmitter(ExecutorClient client, BatchLedger ledger)
{
    private readonly Dictionary<string, string> _renamed = [];

    /// <summary>How many had ended before they were submitted: the server gives the results of then.</summary>
    public long EndedBefore { get; private set; }

    /// <summary>Submits them.</summary>
    /// <returns>Those that were taken, as the server knows them.</returns>
    /// <exception cref="ServerRefusedException">The server takes none, whatever is in them.</exception>
    public async Task<IReadOnlyList<RemoteTask>> SubmitAsync(IReadOnlyList<RemoteTask> tasks, CancellationToken cancellationToken)
    {
        Dictionary<RemoteTask, ExecutionStatus> taken = [];
        List<RemoteTask> left = [.. tasks];
        while (left.Count > 0)
        {
            left.ForEach(task => task.RenameParents(_renamed));
            List<RemoteTask> again = [];
            foreach ((RemoteTask task, SubmitReceipt receipt) in await SendAsync(left, cancellationToken))
            {
                if (receipt.Status == ExecutionStatus.Cancelled || (receipt is { Error.Status: 409 } && task.HasRenamedParents))
                {
                    Rename(task);
                    again.Add(task);
                }
                else if (receipt.Error is Problem problem)
                {
                    Refuse(task, new ValidationFault("", RefusalReader.Describe(problem)));
                }
                else
                {
                    taken[task] = receipt.Status ?? ExecutionStatus.Pending;
                }
            }

            // What hangs on a renamed one must follow it.
            RemoteTask[] followers = again.Count == 0 ? [] : [.. taken.Keys.Where(task => task.RenameParents(_renamed))];
            foreach (RemoteTask task in followers)
            {
                taken.Remove(task);
            }

            left = [.. again, .. followers];
        }

        EndedBefore += taken.Values.Count(status => status.IsFinal());
        return [.. taken.Keys];
    }

    private void Rename(RemoteTask task)
    {
        task.NextGeneration();
        if (task.HasOwnId)
        {
            _renamed[task.FileId] = task.TaskId;
        }
    }

    private void Refuse(RemoteTask task, params IReadOnlyList<ValidationFault> faults) => ledger.Refuse(new InvalidEntry(task.Line, task.FileId, faults));

    /// <summary>Submits until the server takes what is left: a fault in one of them keeps it from taking any.</summary>
    private async Task<IEnumerable<(RemoteTask Task, SubmitReceipt Receipt)>> SendAsync(List<RemoteTask> tasks, CancellationToken cancellationToken)
    {
        while (tasks.Count > 0)
        {
            try
            {
                BatchReceipt receipt = await client.SubmitAsync([.. tasks.Select(task => task.Json)], cancellationToken);
                return tasks.Zip(receipt.Tasks);
            }
            catch (ServerRefusedException refused) when (refused.IsTooLarge && tasks.Count > 1)
            {
                int half = tasks.Count / 2;
                return [.. await SendAsync([.. tasks.Take(half)], cancellationToken), .. await SendAsync([.. tasks.Skip(half)], cancellationToken)];
            }
            catch (ServerRefusedException refused) when (refused.IsTooLarge)
            {
                Refuse(tasks[0], new ValidationFault("", refused.Message));
                return [];
            }
            catch (ServerRefusedException refused) when (TaskFaults.Of(refused.Problem, tasks.Count) is { Count: > 0 } faults)
            {
                foreach ((int index, List<ValidationFault> ofTask) in faults)
                {
                    Refuse(tasks[index], [.. ofTask]);
                }

                tasks = [.. tasks.Where((_, index) => !faults.ContainsKey(index))];
            }
        }

        return [];
    }
}
