using Executor.Runners.Workspaces;
using Executor.Tasks;

namespace Executor.Runners.Agent;

/// <summary>A process that an agent runs.</summary>
internal sealed class AgentProcess : IRunningProcess
{
    private readonly AgentConnection _agent;
    private readonly ProcessSpec _spec;
    private readonly AgentInputStream _input;
    private readonly TaskCompletionSource<ProcessExit> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _killed = new();
    private TaskCompletionSource<long?>? _memoryKills;

    public AgentProcess(AgentConnection agent, ProcessSpec spec)
    {
        _agent = agent;
        _spec = spec;
        _input = new AgentInputStream(agent);
    }

    public Stream StandardInput => _input;

    public Task<ProcessExit> WaitAsync(CancellationToken cancellationToken) => _exit.Task.WaitAsync(cancellationToken);

    public Task StopAsync(StopMode mode, CancellationToken cancellationToken)
    {
        if (mode == StopMode.KillTree)
        {
            _killed.Cancel(); // a receiver that hangs must not keep the agent from hearing this
        }

        _agent.Writer.Add("stop", json => json.WriteString("mode", mode == StopMode.KillTree ? "kill" : "polite"));
        _agent.Flush();
        return Task.CompletedTask;
    }

    public Task<long?> CountMemoryKillsAsync(CancellationToken cancellationToken)
    {
        var counted = new TaskCompletionSource<long?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _memoryKills = counted;
        _agent.Writer.Add("memory");
        _agent.Flush();
        // An agent answers only while the process runs.
        _ = _exit.Task.ContinueWith(_ => counted.TrySetResult(null), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return counted.Task.WaitAsync(cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _input.Dispose();
        _killed.Dispose();
        return ValueTask.CompletedTask;
    }

    public void Receive(OutputStream stream, ReadOnlyMemory<byte> data)
    {
        try
        {
            ValueTask receiving = _spec.Output(stream, data, _killed.Token);
            if (!receiving.IsCompletedSuccessfully)
            {
                // On the agent's own reader thread: waiting here is what slows a chatty process down.
                receiving.AsTask().GetAwaiter().GetResult();
            }
        }
        catch (OperationCanceledException) when (_killed.IsCancellationRequested)
        {
            // It is being killed; what it still prints has nobody to go to.
        }
        catch (ObjectDisposedException)
        {
            // The caller has left; what is still printed has nobody to go to.
        }
        catch (Exception broken) when (_exit.TrySetException(broken))
        {
            // The receiver's own fault goes to whoever waits, not to this thread, which serves the agent.
        }
    }

    public void MemoryKillsAre(long count) => _memoryKills?.TrySetResult(count);

    public void Taken(int bytes) => _input.Taken(bytes);

    /// <param name="frame">How it ended.</param>
    /// <param name="putFailure">A file of the task's that could not be written, which is why it could not do its work; else null.</param>
    public void Exited(AgentFrame frame, string? putFailure)
    {
        _input.Complete();
        _exit.TrySetResult(new ProcessExit
        {
            ExitCode = frame.Int("exit_code"),
            Signal = frame.Message.GetProperty("signal") is { ValueKind: System.Text.Json.JsonValueKind.Number } number ? number.GetInt32() : null,
            OomKilled = frame.Flag("oom_killed"),
            CpuTimeExceeded = frame.Flag("cpu_exceeded"),
            CpuTimeSec = frame.Message.GetProperty("cpu_time").GetDouble(),
            PeakMemoryMb = Math.Round(frame.Long("peak_memory") / 1048576.0, 2),
            StartError = putFailure ?? frame.TextOrNull("start_error"),
        });
    }

    public void Fail(RunnerException failure)
    {
        _input.Complete();
        _exit.TrySetException(failure);
        _ = _exit.Task.Exception; // observed: the waiter may have given up
    }
}
