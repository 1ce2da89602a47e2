using Executor.Execution;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Cli.Batch;

/// <summary>
/// Submits the tasks of a batch, many at a time. A task that an interrupted batch cancelled is submitted again under its id with
/// <c>.2</c> after it (<c>.3</c>, …), and so are those that depended on it.
/// </summary>
/// <param name="place">Where to.</param>
/// <param name="ledger">Told of tasks that are not taken.</param>
internal sealed class BatchSubmitter(BatchPlace place, BatchLedger ledger)
{
    private readonly Dictionary<string, string> _renamed = [];

    /// <summary>How many had ended before they were submitted: the service gives the results of then.</summary>
    public long EndedBefore { get; private set; }

    /// <summary>Submits them.</summary>
    /// <returns>Those that were taken, as the service knows them.</returns>
    public async Task<IReadOnlyList<BatchItem>> SubmitAsync(IReadOnlyList<BatchItem> items, CancellationToken cancellationToken)
    {
        Dictionary<BatchItem, ExecutionStatus> taken = [];
        List<BatchItem> left = [.. items];
        while (left.Count > 0)
        {
            left.ForEach(item => item.RenameParents(_renamed));
            List<BatchItem> again = [];
            foreach ((BatchItem item, TaskReceipt receipt) in await SendAsync(left, cancellationToken))
            {
                bool isConflict = receipt.Outcome == SubmitStatus.Conflict;
                if (isConflict ? item.HasRenamedParents : receipt.Status == ExecutionStatus.Cancelled)
                {
                    Rename(item);
                    again.Add(item);
                }
                else if (isConflict)
                {
                    ledger.Refuse(item, new ValidationFault("task_id", $"another task has the task_id '{item.TaskId}'"));
                }
                else
                {
                    taken[item] = receipt.Status;
                }
            }

            // What hangs on a renamed one must follow it.
            BatchItem[] followers = again.Count == 0 ? [] : [.. taken.Keys.Where(item => item.RenameParents(_renamed))];
            foreach (BatchItem item in followers)
            {
                taken.Remove(item);
            }

            left = [.. again, .. followers];
        }

        EndedBefore += taken.Values.Count(status => status.IsFinal());
        return [.. taken.Keys];
    }

    private void Rename(BatchItem item)
    {
        item.NextGeneration();
        if (item.HasOwnId)
        {
            _renamed[item.FileId] = item.TaskId;
        }
    }

    /// <summary>Submits until the service takes what is left: a fault in one of them keeps it from taking any.</summary>
    private async Task<IEnumerable<(BatchItem Item, TaskReceipt Receipt)>> SendAsync(List<BatchItem> items, CancellationToken cancellationToken)
    {
        items = [.. items.Where(MayRun)];
        while (items.Count > 0)
        {
            try
            {
                IReadOnlyList<TaskReceipt> receipts = await place.Tasks.SubmitAsync([.. items.Select(item => item.Spec)], cancellationToken);
                return items.Zip(receipts);
            }
            catch (Exception failed) when (place.IsTooLarge(failed) && items.Count > 1)
            {
                int half = items.Count / 2;
                return [.. await SendAsync([.. items.Take(half)], cancellationToken), .. await SendAsync([.. items.Skip(half)], cancellationToken)];
            }
            catch (Exception failed) when (place.IsTooLarge(failed))
            {
                ledger.Refuse(items[0], new ValidationFault("", failed.Message));
                return [];
            }
            catch (InvalidTaskException refused) when (BatchFaults.ByTask(refused.Faults, items.Count) is { Count: > 0 } faults)
            {
                items = [.. items.Where((item, index) => !faults.TryGetValue(index, out List<ValidationFault>? ofTask) || IsMended(item, ofTask))];
            }
        }

        return [];
    }

    /// <summary>A parent may have ended, and be known no more, since the task was looked at.</summary>
    private bool IsMended(BatchItem item, List<ValidationFault> faults)
    {
        IReadOnlyList<string>? before = item.Spec.DependsOn;
        bool mayRun = MayRun(item);
        if (mayRun && ReferenceEquals(before, item.Spec.DependsOn))
        {
            ledger.Refuse(item, [.. faults]);
            return false;
        }

        return mayRun;
    }

    private bool MayRun(BatchItem item)
    {
        if (place.MayRun(item, out TaskResult? failure))
        {
            return true;
        }

        ledger.Record(failure! with { TaskId = item.FileId });
        return false;
    }
}
