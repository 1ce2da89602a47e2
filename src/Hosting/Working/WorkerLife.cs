using System.Net.WebSockets;
using Executor.Engine;
using Executor.Executors;
using Executor.Executors.Conversation;
using Executor.Executors.Protocol;

namespace Executor.Hosting.Working;

/// <summary>A worker from its first connection to its end: connects again when a connection ends, drains, leaves.</summary>
internal sealed class WorkerLife(ServerConnector door, ExecutorRegistration registration, TaskWorker worker, Action<string> say, TimeProvider time)
    : IDisposable
{
    /// <summary>Sent output of an attempt that is kept for a next connection: more than sockets buffer.</summary>
    private const long MaxKeptBytes = 8 << 20;

    /// <summary>How long the server may take to let a worker go, and tasks to be stopped.</summary>
    private static readonly TimeSpan LeaveGrace = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _leaving = new();
    private readonly TaskCompletionSource<int> _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ServerPeer _server = new(registration, [], worker, MaxKeptBytes);
    private volatile ServerDialogue? _dialogue;
    private bool _isDraining;

    /// <summary>Works until it has left, or can't go on.</summary>
    /// <returns>The process's exit code.</returns>
    public async Task<int> RunAsync()
    {
        Task<DialogueEnd?> connecting = ConnectAgainAndAgainAsync();
        await Task.WhenAny(connecting, worker.Drained, _stop.Task);
        if (connecting.IsCompleted && await connecting is DialogueEnd end)
        {
            say(end.Reason);
            _server.Close();
            await StopTasksAsync();
            return end.CloseCode is null or ExecutorProtocol.InvalidClose ? ExitCodes.BadUsage : ExitCodes.Failed;
        }

        // What it still runs goes elsewhere as soon as the server hears this.
        Say(new LeaveMessage());
        await _leaving.CancelAsync();
        Task stopping = StopTasksAsync();
        await Task.WhenAny(connecting, Task.Delay(LeaveGrace, time));
        _dialogue?.Abort();
        await connecting;
        await stopping;
        return _stop.Task.IsCompleted ? await _stop.Task : ExitCodes.Success;
    }

    /// <summary>Takes nothing more, finishes what runs, then leaves.</summary>
    /// <param name="reason">Why.</param>
    public void Drain(string reason)
    {
        lock (_lock)
        {
            if (_isDraining)
            {
                return;
            }

            _isDraining = true;
        }

        Say(new DrainMessage());
        int running = worker.Running.Count;
        say(running == 0 ? reason : $"{reason}; {running} tasks are finished first (a second signal stops them and gives them back)");
        worker.Drain();
    }

    /// <summary>Leaves at once; what runs is stopped here, and goes elsewhere.</summary>
    /// <param name="exitCode">The exit code that tells why.</param>
    public void Stop(int exitCode) => _stop.TrySetResult(exitCode);

    public void Dispose() => _leaving.Dispose();

    /// <returns>Why it can't go on; null: it is leaving.</returns>
    private async Task<DialogueEnd?> ConnectAgainAndAgainAsync()
    {
        ReconnectDelay delay = new(Random.Shared);
        string? said = null;
        bool wasEverRegistered = false;
        while (!_leaving.IsCancellationRequested)
        {
            DialogueEnd end = await TalkAsync();
            wasEverRegistered |= end.WasRegistered;
            if (_leaving.IsCancellationRequested)
            {
                break;
            }

            // A server that is being replaced may answer strangely for a while to a worker that it knew before.
            if (end.IsFinal && (end.CloseCode is not null || !wasEverRegistered))
            {
                return end;
            }

            if (end.WasRegistered)
            {
                delay.Reset();
                said = null;
            }

            if (said != end.Reason)
            {
                said = end.Reason;
                say($"{end.Reason}; trying again");
            }

            await Task.Delay(delay.Next(), time, _leaving.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }

    private async Task<DialogueEnd> TalkAsync()
    {
        ClientWebSocket? socket;
        DialogueEnd? refusal;
        try
        {
            (socket, refusal) = await door.OpenAsync(_leaving.Token);
        }
        catch (OperationCanceledException)
        {
            return new DialogueEnd("the worker ends");
        }

        if (socket is null)
        {
            return refusal!;
        }

        using (socket)
        {
            ServerDialogue dialogue = new(socket, _server, () => worker.Running, time);
            dialogue.Registered += SayRegistered;
            dialogue.DrainAsked += () => Drain("the server asks to drain");
            _dialogue = dialogue;
            DialogueEnd end = await dialogue.RunAsync();
            _dialogue = null;
            return end;
        }
    }

    private void SayRegistered()
    {
        int running = worker.Running.Count;
        say($"registered as {registration.ExecutorId}, {registration.MaxTasks} tasks at once{(running == 0 ? "" : $", {running} of them running")}");
    }

    /// <summary>Says something now, and on every connection that comes after this one.</summary>
    private void Say(ExecutorMessage plan) => _ = _server.SendAsync(plan, CancellationToken.None);

    private async Task StopTasksAsync()
    {
        Task stopped = worker.DisposeAsync().AsTask();
        await Task.WhenAny(stopped, Task.Delay(LeaveGrace, time));
    }
}
