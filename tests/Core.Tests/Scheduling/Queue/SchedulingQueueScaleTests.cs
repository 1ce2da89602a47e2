using static Executor.Scheduling.Samples;

namespace Executor.Scheduling;

/// <summary>Counts the elements that operations visit, not the time they take: the same on every machine.</summary>
public sealed class SchedulingQueueScaleTests
{
    private const int Many = 100_000;

    /// <summary>A few times the depth of a tree with a hundred thousand nodes.</summary>
    private const long Few = 250;

    private readonly SchedulingQueue _queue = new();

    [Fact]
    public void Assigning_visits_as_much_at_a_hundred_thousand_waiting_as_at_a_hundred()
    {
        Assert.InRange(StepsPerTask(Many), 1, 2 * StepsPerTask(100));

        static double StepsPerTask(int waiting)
        {
            SchedulingQueue queue = new();
            queue.Register("e", Slots(1));
            for (int i = 0; i < waiting; i++)
            {
                queue.Enqueue(Task($"t{i}", priority: i % 3, submitted: i, needs: Cpus(i % 5)));
            }

            long before = queue.Steps;
            for (int i = 0; i < 100; i++)
            {
                Assignment given = Assert.Single(queue.Assign(Start));
                queue.Release("e", given.Task);
            }

            return (queue.Steps - before) / 100.0;
        }
    }

    [Fact]
    public void Tasks_at_the_head_that_nobody_can_run_cost_nothing()
    {
        for (int i = 0; i < Many; i++)
        {
            _queue.Enqueue(Task($"t{i}", priority: 1, needs: Needs("nobody has it")));
        }

        AssertCheapToServe();
    }

    [Fact]
    public void Tasks_at_the_head_that_each_need_another_capability_nobody_has_cost_nothing()
    {
        for (int i = 0; i < Many; i++)
        {
            _queue.Enqueue(Task($"t{i}", priority: 1, needs: Needs($"nobody has {i}")));
        }

        AssertCheapToServe();
    }

    [Fact]
    public void Tasks_at_the_head_that_are_each_too_large_in_another_way_cost_little()
    {
        _queue.Register("busy", Slots(1) with { MemoryMb = 1000 + Many });
        for (int i = 0; i < Many; i++)
        {
            _queue.Enqueue(Task($"t{i}", priority: 1, submitted: i, needs: Cpus(0, memoryMb: 1000 + i)));
        }

        Assert.Equal(["t0@busy"], _queue.AssignAt());
        AssertCheapToServe();
    }

    [Fact]
    public void Each_operation_visits_few_elements_among_a_hundred_thousand()
    {
        ExecutorOffer offer = Slots(2) with { Lease = TimeSpan.FromSeconds(10), Cpus = 8 };
        for (int i = 0; i < 1000; i++)
        {
            _queue.Register($"e{i}", offer);
        }

        for (int i = 0; i < Many; i++)
        {
            _queue.Enqueue(Task($"t{i}", priority: i % 7, submitted: i * 7919 % Many, needs: Cpus(i % 11)) with
            {
                ExpiresAt = At(1_000_000 - i),
                NotBefore = i % 3 == 0 ? At(1000 + i) : null,
            });
        }

        IReadOnlyList<Assignment> given = _queue.Assign(Start);
        Assert.InRange(given.Count, 1000, 2000);
        Assignment some = given[500];

        AssertFew(1, () => _queue.Enqueue(Task("new", submitted: Many / 2, needs: Cpus(3)) with { ExpiresAt = At(5) }));
        AssertFew(1, () => _queue.Cancel("new"));
        AssertFew(1, () => _queue.Cancel("t77777"));
        AssertFew(1, () => _queue.Heartbeat(some.ExecutorId, [some.Task], At(1)));
        AssertFew(1, () => Assert.Equal(ReleaseResult.Released, _queue.Release(some.ExecutorId, some.Task)));
        AssertFew(1, () => Assert.NotEmpty(_queue.AssignTo(some.ExecutorId, 1, At(1))));
        AssertFew(10, () => Assert.InRange(_queue.Assign(At(1)).Count, 0, 5));
        AssertFew(1, () => Assert.Empty(_queue.Assign(At(1))));
        AssertFew(1, () => Assert.Empty(_queue.ExpireWaiting(At(1))));
        AssertFew(1, () => Assert.Empty(_queue.ExpireLeases(At(1)).LostTasks));
        AssertFew(2, () => _queue.Lose("e1"));
        AssertFew(1, () => _queue.Register("e1", offer, [], At(1)));
        AssertFew(10, () => Assert.InRange(_queue.Assign(At(1)).Count, 1, 5));
        AssertFew(998, () => Assert.Equal(998, _queue.ExpireLeases(At(10.5)).LostExecutors.Count));
    }

    [Fact]
    public void Waiting_task_takes_few_bytes()
    {
        QueuedTask[] tasks = [.. Enumerable.Range(0, Many).Select(i => Task($"t{i}", needs: Cpus(i % 5)) with { ExpiresAt = At(i) })];
        long before = GC.GetAllocatedBytesForCurrentThread();

        foreach (QueuedTask task in tasks)
        {
            _queue.Enqueue(task);
        }

        // All that was ever allocated on the way, outgrown tables included, so more than what is kept.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Many, 1, 300);
    }

    [Fact]
    public void Queue_that_has_emptied_keeps_nothing()
    {
        _queue.Register("e", Slots(Many) with { Capabilities = NameSet.Of([.. Enumerable.Range(0, 50).Select(i => $"c{i}")]) });
        for (int i = 0; i < 1000; i++)
        {
            _queue.Enqueue(Task($"t{i}", priority: i, needs: Needs($"c{i % 50}")));
        }

        foreach (Assignment given in _queue.Assign(Start))
        {
            _queue.Release("e", given.Task);
        }

        long before = _queue.Steps;
        Assert.Empty(_queue.Assign(Start));
        Assert.InRange(_queue.Steps - before, 0, 5);
        Assert.Equal((0, 0), (_queue.WaitingCount, _queue.HeldCount));
    }

    private void AssertCheapToServe()
    {
        AssertFew(1, () => _queue.Register("e", Slots(1) with { MemoryMb = 500, Capabilities = NameSet.Of("gpu") }));
        _queue.Enqueue(Task("mine", needs: Needs("gpu")), Task("any"));
        AssertFew(1, () => Assert.Equal(["mine@e"], _queue.AssignAt()));
        AssertFew(1, () => _queue.Finish("e", "mine"));
        AssertFew(1, () => Assert.Equal("any", Assert.Single(_queue.AssignTo("e", 9, Start)).Task.TaskId));
        AssertFew(1, () => Assert.Empty(_queue.Assign(Start)));
        AssertFew(1, () => _queue.Lose("e"));
    }

    private void AssertFew(int elements, Action act)
    {
        long before = _queue.Steps;
        act();
        Assert.InRange(_queue.Steps - before, 0, elements * Few);
    }
}
