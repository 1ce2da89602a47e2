using System.Text;
using Executor.Jobs;
using Executor.Storage;

namespace Executor.Engine.Jobs;

/// <summary>A job that has not ended: where it is now, and what of that the store doesn't have yet.</summary>
internal sealed class ActiveJob(JobRecord record, IJobType type, string key)
{
    private const int MaxUnsaved = 1 << 20;
    private const string Dropped = "[log lines were left out here: they came faster than they could be kept]\n";

    private readonly Lock _lock = new();
    private readonly StringBuilder _unsaved = new();
    private JobRecord _record = record;
    private bool _isDirty;
    private bool _hasDropped;

    public IJobType Type => type;

    /// <summary>By which equal jobs know each other.</summary>
    public string Key => key;

    // Not disposed: it has no timer and no handle, and a late cancel must find it.
    public CancellationTokenSource Stop { get; } = new();

    /// <summary>Whether it is being stopped because the server is, not because somebody asked.</summary>
    public bool IsShutdown { get; set; }

    /// <summary>Whether it is durable; faulted: it never was, and nobody was told of it.</summary>
    public TaskCompletionSource Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Its end, in the store.</summary>
    public TaskCompletionSource<JobRecord> End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Neither is this: nobody asks for its wait handle.
    private SemaphoreSlim Saving { get; } = new(1);

    public JobRecord Record
    {
        get
        {
            lock (_lock)
            {
                return _record;
            }
        }
    }

    public void Begin(DateTimeOffset now) => Change(job => job with { Status = Tasks.ExecutionStatus.Running, StartedAt = now });

    public void Report(double progress) => Change(job => job with { Progress = double.Max(job.Progress, double.Clamp(progress, 0, 1)) });

    public void Log(string line)
    {
        lock (_lock)
        {
            if (_unsaved.Length + line.Length < MaxUnsaved)
            {
                _unsaved.Append(line).Append('\n');
                _hasDropped = false;
            }
            else if (!_hasDropped)
            {
                _unsaved.Append(Dropped);
                _hasDropped = true;
            }
        }
    }

    /// <summary>Writes what the store doesn't have yet. What could not be written is kept for the next time.</summary>
    public async Task SaveAsync(ITaskStore store)
    {
        await Saving.WaitAsync();
        try
        {
            await SaveLogAsync(store);
            if (TakeDirty() is JobRecord changed)
            {
                try
                {
                    await store.SaveJobAsync(changed, CancellationToken.None);
                }
                catch (StorageException)
                {
                    Change(job => job);
                    throw;
                }
            }
        }
        finally
        {
            Saving.Release();
        }
    }

    /// <summary>Writes its log, then its end.</summary>
    public async Task SaveEndAsync(ITaskStore store, JobRecord ended)
    {
        await SaveAsync(store);
        await store.SaveJobAsync(ended, CancellationToken.None);
    }

    private async Task SaveLogAsync(ITaskStore store)
    {
        string text;
        lock (_lock)
        {
            text = _unsaved.ToString();
            _unsaved.Clear();
        }

        if (text.Length == 0)
        {
            return;
        }

        try
        {
            await store.AppendJobLogAsync(_record.JobId, text, CancellationToken.None);
        }
        catch (StorageException)
        {
            lock (_lock)
            {
                _unsaved.Insert(0, text);
            }

            throw;
        }
    }

    private void Change(Func<JobRecord, JobRecord> change)
    {
        lock (_lock)
        {
            _record = change(_record);
            _isDirty = true;
        }
    }

    private JobRecord? TakeDirty()
    {
        lock (_lock)
        {
            JobRecord? changed = _isDirty ? _record : null;
            _isDirty = false;
            return changed;
        }
    }
}
