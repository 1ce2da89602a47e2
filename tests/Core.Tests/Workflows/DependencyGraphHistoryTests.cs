using Executor.Tasks;

namespace Executor.Workflows;

/// <summary>Random workflows, submitted and ended in random order, against plain rules over a table of all tasks ever.</summary>
public sealed class DependencyGraphHistoryTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 30)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_history_follows_the_plain_rules(int seed)
    {
        History history = new(seed);
        for (int step = 0; step < 300; step++)
        {
            history.Step();
        }

        history.EndAll();
    }

    private sealed class History(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly DependencyGraph _graph = new();
        private readonly Dictionary<string, string[]> _parents = [];
        private readonly Dictionary<string, ExecutionStatus> _status = [];

        public void Step()
        {
            if (_random.Next(3) == 0)
            {
                Submit();
            }
            else if (Unended().ToList() is { Count: > 0 } unended)
            {
                End(unended[_random.Next(unended.Count)], _random.Next(8) switch
                {
                    0 => ExecutionStatus.Failed,
                    1 => ExecutionStatus.Cancelled,
                    _ => ExecutionStatus.Completed,
                });
            }
        }

        public void EndAll()
        {
            while (Unended().FirstOrDefault(id => !IsHeld(id)) is string ready)
            {
                End(ready, ExecutionStatus.Completed);
            }

            Assert.Empty(Unended());
            Assert.Equal(0, _graph.Count);
        }

        private void Submit()
        {
            List<DependentTask> batch = [];
            for (int count = _random.Next(1, 8); count > 0; count--)
            {
                string id = $"t{_parents.Count}";
                int reach = int.Min(_parents.Count, 15);
                string[] parents =
                    [.. Enumerable.Range(0, _random.Next(4)).Where(_ => reach > 0).Select(_ => $"t{_parents.Count - 1 - _random.Next(reach)}")];
                _parents.Add(id, parents);
                batch.Add(new DependentTask(id, parents));
            }

            batch = [.. batch.OrderBy(_ => _random.Next())];
            Dictionary<string, ExecutionStatus> known = _graph.UnknownParents(batch).ToDictionary(id => id, id => _status[id]);
            batch.ForEach(task => _status.Add(task.TaskId, ExecutionStatus.Pending));
            HashSet<string> failed = FailDescendants();

            DependenciesAccepted accepted = Assert.IsType<DependenciesAccepted>(_graph.Submit(batch, known));

            Assert.Equal(failed, accepted.Failed.Select(failure => failure.TaskId).ToHashSet());
            AssertParentsToBlame(accepted.Failed);
            IEnumerable<string> others = batch.Select(task => task.TaskId).Where(id => !failed.Contains(id)).ToList();
            Assert.Equal(others.Where(id => !IsHeld(id)), accepted.Ready);
            Assert.Equal(others.Where(IsHeld), accepted.Held);
        }

        private void End(string id, ExecutionStatus status)
        {
            // Nothing but a cancel or a failure can end a task that is still held.
            status = IsHeld(id) && status == ExecutionStatus.Completed ? ExecutionStatus.Cancelled : status;
            HashSet<string> held = [.. Unended().Where(IsHeld)];
            _status[id] = status;
            HashSet<string> failed = FailDescendants();

            DependencyEffects effects = _graph.End(id, status);

            Assert.Equal(failed, effects.Failed.Select(failure => failure.TaskId).ToHashSet());
            AssertParentsToBlame(effects.Failed);
            Assert.Equal(
                held.Where(it => !_status[it].IsFinal() && !IsHeld(it)).ToHashSet(), effects.Released.ToHashSet());
            Assert.All(Unended(), it => Assert.Equal(IsHeld(it), _graph.IsHeld(it)));
        }

        /// <summary>Each failure is told once, and its parent has really ended so.</summary>
        private void AssertParentsToBlame(IReadOnlyList<DependencyFailure> failures)
        {
            Assert.Equal(failures.Count, failures.Select(failure => failure.TaskId).Distinct().Count());
            Assert.All(failures, failure =>
            {
                Assert.Contains(failure.ParentId, _parents[failure.TaskId]);
                Assert.Equal(_status[failure.ParentId], failure.ParentStatus);
            });
        }

        private HashSet<string> FailDescendants()
        {
            HashSet<string> failed = [];
            while (Unended().FirstOrDefault(id => _parents[id].Any(
                parent => _status[parent] is ExecutionStatus.Failed or ExecutionStatus.Cancelled)) is string doomed)
            {
                _status[doomed] = ExecutionStatus.Failed;
                failed.Add(doomed);
            }

            return failed;
        }

        private bool IsHeld(string id) => _parents[id].Any(parent => _status[parent] != ExecutionStatus.Completed);

        private IEnumerable<string> Unended() => _status.Where(pair => !pair.Value.IsFinal()).Select(pair => pair.Key);
    }
}
