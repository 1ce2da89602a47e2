using Executor.Jobs;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine.Jobs;

public sealed partial class JobRunner
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>A job from its first write to its last.</summary>
    private async Task RunAsync(ActiveJob job)
    {
        try
        {
            await _store.SaveJobAsync(job.Record, CancellationToken.None);
        }
        catch (StorageException failed)
        {
            Remove(job);
            job.Stored.TrySetException(failed);
            job.End.TrySetException(failed);
            _ = (job.Stored.Task.Exception, job.End.Task.Exception); // observed: those who asked may have given up
            return;
        }

        job.Stored.TrySetResult();
        JobRecord ended = await DoAsync(job);
        await StoreEndAsync(job, ended);
        Remove(job);
        job.End.TrySetResult(ended);
    }

    private async Task<JobRecord> DoAsync(ActiveJob job)
    {
        CancellationToken stop = job.Stop.Token;
        bool hasSlot = false;
        using var running = new CancellationTokenSource();
        Task saving = Task.CompletedTask;
        try
        {
            await _slots.WaitAsync(stop);
            hasSlot = true;
            job.Begin(StoredTime.Truncate(_time.GetUtcNow()));
            saving = SaveNowAndThenAsync(job, running.Token);
            await job.Type.RunAsync(new JobContext(job.Record.JobId, job.Record.Params, job.Report, job.Log), stop);
            return Ended(job.Record with { Status = ExecutionStatus.Completed, Progress = 1 });
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return job.IsShutdown
                ? Failed(job.Record, TaskErrorTypes.RunnerFailed, Interrupted)
                : Failed(job.Record, TaskErrorTypes.Cancelled, "the job was cancelled") with { Status = ExecutionStatus.Cancelled };
        }
        catch (JobFailedException failed)
        {
            return Failed(job.Record, failed.Error);
        }
        catch (RunnerException failed)
        {
            return Failed(job.Record, failed.ErrorType, failed.Message);
        }
        // The edge of a job: whatever went wrong in it is its end, or it would run for ever.
        catch (Exception failed)
        {
            LogBroken(failed, job.Record.JobId, job.Record.Type);
            return Failed(job.Record, TaskErrorTypes.RunnerFailed, $"{failed.GetType().Name}: {failed.Message}");
        }
        finally
        {
            await running.CancelAsync();
            await saving;
            if (hasSlot)
            {
                _slots.Release();
            }
        }
    }

    private async Task SaveNowAndThenAsync(ActiveJob job, CancellationToken ended)
    {
        using PeriodicTimer timer = new(_options.SaveInterval, _time);
        try
        {
            do
            {
                try
                {
                    await job.SaveAsync(_store);
                }
                catch (StorageException failed)
                {
                    LogNotSaved(failed, job.Record.JobId);
                }
            }
            while (await timer.WaitForNextTickAsync(ended));
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // Its end is written next.
        }
    }

    /// <summary>Writes the end, again and again while the database is away, but not past the server's own end.</summary>
    private async Task StoreEndAsync(ActiveJob job, JobRecord ended)
    {
        while (true)
        {
            try
            {
                await job.SaveEndAsync(_store, ended);
                return;
            }
            catch (StorageException failed)
            {
                LogNotSaved(failed, ended.JobId);
                if (!failed.IsTransient || job.IsShutdown)
                {
                    return;
                }
            }

            await Task.Delay(RetryDelay, _time);
        }
    }

    private void Remove(ActiveJob job)
    {
        lock (_lock)
        {
            _byKey.Remove(job.Key);
            _byId.Remove(job.Record.JobId);
        }
    }

    private JobRecord Ended(JobRecord job) => job with { EndedAt = StoredTime.Truncate(_time.GetUtcNow()) };

    private JobRecord Failed(JobRecord job, TaskError error) => Ended(job with { Status = ExecutionStatus.Failed, Error = error });

    private JobRecord Failed(JobRecord job, string type, string message) => Failed(job, new TaskError { Type = type, Message = message });
}
