using System.Text.Json;
using Executor.Runners.Workspaces;
using Executor.Tasks;

namespace Executor.Runners.Agent;

/// <summary>A process that an agent runs.</summary>
internal sealed class AgentProcess : IRunningProcess
{
    private readonly AgentConnection _agent;
    private readonly int _number;
    private readonly AgentInputStream _input;
    private readonly AgentOutput _output;
    private readonly TaskCompletionSource<ProcessExit> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<long?>? _memoryKills;
    private volatile bool _hasEnded;

    /// <param name="agent">The agent.</param>
    /// <param name="number">By which the agent knows it.</param>
    /// <param name="receiver">Receives its output.</param>
    public AgentProcess(AgentConnection agent, int number, OutputReceiver receiver)
    {
        _agent = agent;
        _number = number;
        _input = new AgentInputStream(agent, number);
        // The receiver's own fault goes to whoever waits, not to the agent's reader, which serves others, too.
        _output = new AgentOutput(receiver, isHeld => Tell("hold", json => json.WriteBoolean("held", isHeld)), broken => _exit.TrySetException(broken));
    }

    public Stream StandardInput => _input;

    public Task<ProcessExit> WaitAsync(CancellationToken cancellationToken) => _exit.Task.WaitAsync(cancellationToken);

    public Task StopAsync(StopMode mode, CancellationToken cancellationToken)
    {
        if (mode == StopMode.KillTree)
        {
            _output.Abandon(); // a receiver that hangs must not keep its end from being learned
        }

        Tell("stop", json => json.WriteString("mode", mode == StopMode.KillTree ? "kill" : "polite"));
        return Task.CompletedTask;
    }

    public Task<long?> CountMemoryKillsAsync(CancellationToken cancellationToken)
    {
        var counted = new TaskCompletionSource<long?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _memoryKills = counted;
        Tell("memory");
        // An agent answers only while the process runs.
        _ = _exit.Task.ContinueWith(_ => counted.TrySetResult(null), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return counted.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_hasEnded)
        {
            await StopAsync(StopMode.KillTree, CancellationToken.None);
        }

        _input.Dispose();
        _output.Dispose();
    }

    /// <returns>Whether the data is still in use.</returns>
    public bool Receive(OutputStream stream, ReadOnlyMemory<byte> data) => _output.Receive(stream, data);

    public void MemoryKillsAre(long count) => _memoryKills?.TrySetResult(count);

    public void Taken(int bytes) => _input.Taken(bytes);

    /// <summary>Its workspace is being closed: nobody receives its output any more.</summary>
    public void Abandon() => _output.Abandon();

    /// <param name="frame">How it ended.</param>
    /// <param name="putFailure">A file of the task's that could not be written, which is why it could not do its work; else null.</param>
    public void Exited(AgentFrame frame, PutFailure? putFailure)
    {
        _hasEnded = true;
        _input.Complete();
        string? startError = putFailure?.Problem ?? frame.TextOrNull("start_error");
        if (startError is not null && (putFailure?.IsExhaustion ?? frame.Flag("exhausted")))
        {
            _output.Complete(() => _exit.TrySetException(HostExhaustion.Of(startError)));
            return;
        }

        var exit = new ProcessExit
        {
            ExitCode = frame.Int("exit_code"),
            Signal = frame.Message.GetProperty("signal") is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : null,
            OomKilled = frame.Flag("oom_killed"),
            CpuTimeExceeded = frame.Flag("cpu_exceeded"),
            CpuTimeSec = frame.Message.GetProperty("cpu_time").GetDouble(),
            PeakMemoryMb = Math.Round(frame.Long("peak_memory") / 1048576.0, 2),
            StartError = startError,
        };
        _output.Complete(() => _exit.TrySetResult(exit));
    }

    public void Fail(RunnerException failure)
    {
        _hasEnded = true;
        _input.Complete();
        _exit.TrySetException(failure);
        _ = _exit.Task.Exception; // observed: the waiter may have given up
    }

    private void Tell(string operation, Action<Utf8JsonWriter>? fields = null) => _agent.Send(operation, json =>
    {
        json.WriteNumber("process", _number);
        fields?.Invoke(json);
    });
}
