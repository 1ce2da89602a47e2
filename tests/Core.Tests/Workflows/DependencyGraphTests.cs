using Executor.Tasks;

namespace Executor.Workflows;

public sealed class DependencyGraphTests
{
    private static readonly Dictionary<string, ExecutionStatus> Nobody = [];

    private readonly DependencyGraph _graph = new();

    [Fact]
    public void Diamond_is_released_in_order_and_its_sides_together()
    {
        DependenciesAccepted accepted = Accept(Of("a"), Of("b", "a"), Of("c", "a"), Of("d", "b", "c"));

        Assert.Equal(["a"], accepted.Ready);
        Assert.Equal(["b", "c", "d"], accepted.Held);
        Assert.Equal(["b", "c"], _graph.End("a", ExecutionStatus.Completed).Released);
        Assert.Empty(_graph.End("b", ExecutionStatus.Completed).Released);
        Assert.True(_graph.IsHeld("d"));
        Assert.Equal(["d"], _graph.End("c", ExecutionStatus.Completed).Released);
        Assert.False(_graph.IsHeld("d"));
        Assert.Equal(0, _graph.Count);
    }

    [Fact]
    public void Failing_task_fails_its_descendants_and_nobody_else()
    {
        Accept(Of("a"), Of("b", "a"), Of("c", "a"), Of("d", "b"), Of("e", "d", "c"), Of("f", "c"));
        _graph.End("a", ExecutionStatus.Completed);

        DependencyEffects effects = _graph.End("b", ExecutionStatus.Failed);

        Assert.Empty(effects.Released);
        Assert.Equal(
            [
                new DependencyFailure("d", "b", ExecutionStatus.Failed),
                new DependencyFailure("e", "d", ExecutionStatus.Failed),
            ],
            effects.Failed);
        Assert.Equal(["f"], _graph.End("c", ExecutionStatus.Completed).Released);
        Assert.Equal(0, _graph.Count);
    }

    [Fact]
    public void Cancelled_task_fails_its_descendants_and_says_so()
    {
        Accept(Of("a"), Of("b", "a"));

        DependencyFailure failure = Assert.Single(_graph.End("a", ExecutionStatus.Cancelled).Failed);

        Assert.Equal(TaskErrorTypes.Dependency, failure.ToError().Type);
        Assert.Equal("Task 'a', on which this task depends, ended CANCELLED.", failure.ToError().Message);
    }

    [Fact]
    public void Held_task_that_is_cancelled_leaves_its_parents_and_fails_its_children()
    {
        Accept(Of("a"), Of("b", "a"), Of("c", "b"), Of("d", "a"));

        Assert.Equal("c", Assert.Single(_graph.End("b", ExecutionStatus.Cancelled).Failed).TaskId);
        Assert.Equal(["d"], _graph.End("a", ExecutionStatus.Completed).Released);
        Assert.Equal(0, _graph.Count);
    }

    [Theory]
    [InlineData("a a", "a → a")]
    [InlineData("a b|b a", "a → b → a")]
    [InlineData("x|a x c|b a|c b|y c", "a → c → b → a")]
    public void Cycle_is_refused_and_named(string tasks, string cycle)
    {
        DependenciesRefused refused = Assert.IsType<DependenciesRefused>(_graph.Submit(Parse(tasks), Nobody));

        DependencyFault fault = Assert.Single(refused.Faults);
        Assert.Equal("depends_on", fault.Field);
        Assert.EndsWith($": {cycle}", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, _graph.Count);
    }

    [Fact]
    public void Cycle_through_tasks_that_were_there_before_is_refused_and_named()
    {
        Dictionary<string, ExecutionStatus> known = new() { ["a"] = ExecutionStatus.Pending };
        Assert.IsType<DependenciesAccepted>(_graph.Submit([Of("b", "a"), Of("c", "b")], known));

        DependenciesRefused refused = Assert.IsType<DependenciesRefused>(_graph.Submit([Of("a", "c")], Nobody));

        Assert.EndsWith(": a → c → b → a", Assert.Single(refused.Faults).Message, StringComparison.Ordinal);
        Assert.Equal(["b"], _graph.End("a", ExecutionStatus.Completed).Released);
    }

    [Fact]
    public void Unknown_parents_and_repeated_ids_are_refused_all_at_once()
    {
        Accept(Of("old"), Of("held", "old"));

        DependenciesRefused refused = Assert.IsType<DependenciesRefused>(
            _graph.Submit([Of("a", "nobody"), Of("a"), Of("held"), Of("b", "old", "no one")], Nobody));

        Assert.Equal(["task_id", "task_id", "depends_on", "depends_on"], refused.Faults.Select(fault => fault.Field));
        Assert.Contains("'a'", refused.Faults[0].Message, StringComparison.Ordinal);
        Assert.Contains("'held'", refused.Faults[1].Message, StringComparison.Ordinal);
        Assert.Contains("'a' names 'nobody'", refused.Faults[2].Message, StringComparison.Ordinal);
        Assert.Contains("'b' names 'no one'", refused.Faults[3].Message, StringComparison.Ordinal);
        Assert.False(_graph.IsHeld("b"));
    }

    [Fact]
    public void Parents_to_look_up_are_those_nobody_knows()
    {
        Accept(Of("old"), Of("held", "old"));

        Assert.Equal(["x", "y"], _graph.UnknownParents([Of("a", "x", "old"), Of("b", "a", "y", "x", "held")]));
    }

    [Fact]
    public void Completed_parent_is_not_waited_for()
    {
        Dictionary<string, ExecutionStatus> known = new()
        {
            ["done"] = ExecutionStatus.Completed,
            ["runs"] = ExecutionStatus.Running,
        };

        DependenciesAccepted accepted =
            Assert.IsType<DependenciesAccepted>(_graph.Submit([Of("a", "done"), Of("b", "done", "runs")], known));

        Assert.Equal(["a"], accepted.Ready);
        Assert.Equal(["b"], accepted.Held);
        Assert.Equal(["b"], _graph.End("runs", ExecutionStatus.Completed).Released);
    }

    [Fact]
    public void Failed_parent_fails_at_submit_with_all_that_depends_on_it()
    {
        Dictionary<string, ExecutionStatus> known = new()
        {
            ["bad"] = ExecutionStatus.Cancelled,
            ["runs"] = ExecutionStatus.Running,
        };

        DependenciesAccepted accepted = Assert.IsType<DependenciesAccepted>(
            _graph.Submit([Of("c", "b"), Of("b", "a", "runs"), Of("a", "bad", "runs"), Of("d", "runs"), Of("e")], known));

        Assert.Equal(["e"], accepted.Ready);
        Assert.Equal(["d"], accepted.Held);
        Assert.Equal(
            [
                new DependencyFailure("a", "bad", ExecutionStatus.Cancelled),
                new DependencyFailure("b", "a", ExecutionStatus.Failed),
                new DependencyFailure("c", "b", ExecutionStatus.Failed),
            ],
            accepted.Failed);
        Assert.Equal(["d"], _graph.End("runs", ExecutionStatus.Completed).Released);
        Assert.Equal(0, _graph.Count);
    }

    [Fact]
    public void Parent_named_twice_counts_once()
    {
        Accept(Of("a"), Of("b", "a", "a"));

        Assert.Equal(["b"], _graph.End("a", ExecutionStatus.Completed).Released);
    }

    [Fact]
    public void Task_that_nobody_waits_for_is_not_kept()
    {
        Accept(Of("a"), Of("b"));

        Assert.Equal(0, _graph.Count);
        Assert.Same(DependencyEffects.None, _graph.End("a", ExecutionStatus.Completed));
    }

    [Fact]
    public void Status_that_is_not_final_ends_nothing() =>
        Assert.Throws<ArgumentException>(() => _graph.End("a", ExecutionStatus.Running));

    [Theory]
    [InlineData(ExecutionStatus.Completed)]
    [InlineData(ExecutionStatus.Failed)]
    public void Very_long_chain_is_taken_and_ended_without_recursion(ExecutionStatus end)
    {
        const int Length = 200_000;
        Accept([Of("t0"), .. Enumerable.Range(1, Length - 1).Select(i => Of($"t{i}", $"t{i - 1}"))]);

        DependencyEffects effects = _graph.End("t0", end);

        Assert.Equal(end == ExecutionStatus.Completed ? 1 : 0, effects.Released.Count);
        Assert.Equal(end == ExecutionStatus.Completed ? 0 : Length - 1, effects.Failed.Count);
        Assert.Equal(end == ExecutionStatus.Completed ? Length - 1 : 0, _graph.Count);
    }

    [Fact]
    public void Long_cycle_is_found_without_recursion()
    {
        const int Length = 100_000;
        List<DependentTask> ring = [.. Enumerable.Range(0, Length).Select(i => Of($"t{i}", $"t{(i + 1) % Length}"))];

        Assert.IsType<DependenciesRefused>(_graph.Submit(ring, Nobody));
    }

    [Fact]
    public void Children_that_come_and_go_are_not_kept_by_a_parent_that_stays()
    {
        Dictionary<string, ExecutionStatus> known = new() { ["runs"] = ExecutionStatus.Running };
        _graph.Submit([Of("stays", "runs")], known);
        List<WeakReference> nodes = [];
        for (int i = 0; i < 200; i++)
        {
            string id = $"t{i}";
            _graph.Submit([Of(id, "runs")], Nobody);
            nodes.Add(new WeakReference(_graph.Nodes[id]));
            _graph.End(id, ExecutionStatus.Cancelled);
        }

        GC.Collect();

        Assert.Equal(2, _graph.Count);
        Assert.InRange(nodes.Count(node => node.IsAlive), 0, 10);
    }

    [Fact]
    public void What_has_ended_is_not_kept_by_what_follows_it()
    {
        Accept([Of("t0"), .. Enumerable.Range(1, 999).Select(i => Of($"t{i}", $"t{i - 1}"))]);
        List<WeakReference> nodes = [.. _graph.Nodes.Values.Select(node => new WeakReference(node))];
        for (int i = 0; i < 990; i++)
        {
            _graph.End($"t{i}", ExecutionStatus.Completed);
        }

        GC.Collect();

        Assert.Equal(10, _graph.Count);
        Assert.InRange(nodes.Count(node => node.IsAlive), 10, 30);
    }

    private static DependentTask Of(string id, params string[] parents) => new(id, parents);

    private static List<DependentTask> Parse(string tasks) =>
        [.. tasks.Split('|').Select(task => task.Split(' ')).Select(words => Of(words[0], words[1..]))];

    private DependenciesAccepted Accept(params DependentTask[] batch) =>
        Assert.IsType<DependenciesAccepted>(_graph.Submit(batch, Nobody));
}
