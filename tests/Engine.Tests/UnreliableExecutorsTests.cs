using System.Collections.Concurrent;
using Executor.Executors;
using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine;

/// <summary>Executors that break connections, fall silent, come back, report twice and report what isn't theirs: every task ends once.</summary>
public sealed class UnreliableExecutorsTests
{
    // All by the clock: leases that run out while executors beat, work and fall silent at their own pace are what is tested.
    private const int Tasks = 400;
    private const int Executors = 6;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_task_ends_once_with_the_result_of_the_attempt_that_was_accepted(int seed)
    {
        await using InMemoryTaskStore store = new(TimeProvider.System);
        await using EngineHost host = await EngineHost.StartAsync(
            store, new EngineOptions { Lease = TimeSpan.FromMilliseconds(250) }, TimeProvider.System);
        ConcurrentDictionary<string, ConcurrentBag<string>> accepted = [];
        using CancellationTokenSource over = new();
        Task[] executors =
        [
            .. Enumerable.Range(0, Executors).Select(i => Task.Run(() => new UnreliableExecutor($"e{i}", new Random((seed * 100) + i), host.Engine, accepted).LiveAsync(over.Token))),
        ];
        Random random = new(seed);
        TaskSpec[] specs = [.. Enumerable.Range(0, Tasks).Select(i => new TaskSpec
        {
            TaskId = $"t{i}",
            Code = "print(1)",
            Language = "python",
            Priority = random.Next(3),
            DependsOn = i > 10 && random.Next(5) == 0 ? [$"t{random.Next(i)}"] : null,
        })];
        foreach (TaskSpec[] batch in specs.Chunk(37))
        {
            await host.Engine.SubmitAsync(batch, CancellationToken.None);
        }

        List<TaskResult> results = [];
        foreach (TaskSpec spec in specs)
        {
            TaskResult? result = await host.Engine.WaitAsync(spec.TaskId!, TimeSpan.FromSeconds(60), CancellationToken.None);
            Assert.Equal(ExecutionStatus.Completed, result?.Status);
            results.Add(result!);
        }

        await over.CancelAsync();
        await Task.WhenAll(executors);
        // Whoever waits may hear of an end before its reporter does.
        await Poll.UntilAsync("all reporters have heard", () => accepted.Count == Tasks, TimeSpan.FromSeconds(20));
        Assert.All(results, result => Assert.Equal(result.Stdout, Assert.Single(accepted[result.TaskId])));
    }

    private sealed class UnreliableExecutor(
        string id, Random random, ExecutionEngine engine, ConcurrentDictionary<string, ConcurrentBag<string>> accepted) : IExecutorLink
    {
        private readonly ConcurrentDictionary<TaskAttempt, TaskAssignment> _running = [];
        private readonly ConcurrentDictionary<TaskAttempt, bool> _taken = [];
        // An answer names the attempt, not the report: of one attempt there is one on its way at a time.
        private readonly ConcurrentDictionary<TaskAttempt, SemaphoreSlim> _reporting = [];
        private readonly Lock _lock = new();
        private volatile IExecutorConnection? _connection;
        private volatile bool _isClosed;

        public async Task LiveAsync(CancellationToken over)
        {
            while (!over.IsCancellationRequested)
            {
                if (Chance(0.3))
                {
                    // A process that died and was started again knows nothing of what it ran.
                    _running.Clear();
                }

                _isClosed = false;
                await engine.RegisterAsync(
                    new RegisterMessage(new ExecutorRegistration { ExecutorId = id, Host = "host", MaxTasks = 4 }, [.. _running.Keys]), this, CancellationToken.None);
                int beats = Number(5, 40);
                for (int i = 0; i < beats && !over.IsCancellationRequested && !_isClosed; i++)
                {
                    await SayAsync(new HeartbeatMessage([.. _running.Keys]));
                    await Task.Delay(10, CancellationToken.None);
                }

                switch (Number(0, 3))
                {
                    case 0:
                        await SayAsync(new DisconnectedMessage());
                        break;
                    case 1:
                        await SayAsync(new LeaveMessage());
                        break;
                    default:
                        // Silent for longer than its lease.
                        await Task.Delay(400, CancellationToken.None);
                        break;
                }
            }
        }

        public void Attach(IExecutorConnection connection) => _connection = connection;

        public void Send(ServerMessage message)
        {
            switch (message)
            {
                case RegisteredMessage registered:
                    foreach (TaskAttempt stale in registered.Stale)
                    {
                        _running.TryRemove(stale, out _);
                    }

                    break;
                case TaskAssignment assignment:
                    _running[assignment.Task] = assignment;
                    _ = Task.Run(() => RunAsync(assignment));
                    break;
                case CancelMessage cancel:
                    _running.TryRemove(cancel.Task, out _);
                    break;
                case AcknowledgedMessage acknowledged:
                    _taken[acknowledged.Task] = acknowledged.Accepted;
                    break;
                // What closes an earlier connection of its own is not for this one.
                case ClosedMessage { IsReplaced: false }:
                    _isClosed = true;
                    break;
            }
        }

        private Task SayAsync(ExecutorMessage message) => _connection!.SendAsync(message, CancellationToken.None);

        private async Task RunAsync(TaskAssignment assignment)
        {
            await Task.Delay(Number(0, 30));
            if (Chance(0.05))
            {
                return; // forgets the task, which its lease tells
            }

            IExecutorConnection connection = _connection!;
            string output = $"{id} {assignment.Task} {Guid.NewGuid()}";
            for (int i = Chance(0.2) ? 0 : 1; i < 2; i++)
            {
                await ReportAsync(connection, assignment.Task, output);
            }

            _running.TryRemove(assignment.Task, out _);
            if (Chance(0.2))
            {
                await ReportAsync(connection, new TaskAttempt($"t{Number(0, Tasks)}", Number(1, 3)), "forged");
            }
        }

        private async Task ReportAsync(IExecutorConnection connection, TaskAttempt task, string output)
        {
            // What was forged for a task that this executor does hold is its own word, and counts.
            TaskResult result = new() { TaskId = task.TaskId, Attempt = task.Attempt, Status = ExecutionStatus.Completed, Stdout = output };
            SemaphoreSlim turn = _reporting.GetOrAdd(task, _ => new SemaphoreSlim(1));
            await turn.WaitAsync();
            try
            {
                await connection.SendAsync(new ResultMessage(task, result), CancellationToken.None);
                if (_taken[task])
                {
                    accepted.GetOrAdd(task.TaskId, _ => []).Add(output);
                }
            }
            finally
            {
                turn.Release();
            }
        }

        private bool Chance(double probability)
        {
            lock (_lock)
            {
                return random.NextDouble() < probability;
            }
        }

        private int Number(int from, int to)
        {
            lock (_lock)
            {
                return random.Next(from, to);
            }
        }
    }
}
