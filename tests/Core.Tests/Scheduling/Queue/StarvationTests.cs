using static Executor.Scheduling.Samples;

namespace Executor.Scheduling;

public sealed class StarvationTests
{
    private static SchedulingQueue Queue(int maxPasses, double maxPassTime = 1e6) => new(new SchedulingOptions
    {
        MaxPasses = maxPasses,
        MaxPassTime = TimeSpan.FromSeconds(maxPassTime),
    });

    [Fact]
    public void Large_task_is_passed_over_so_often_and_then_room_is_kept_for_it()
    {
        SchedulingQueue queue = Queue(maxPasses: 2);
        queue.Register("e", Slots(9) with { Cpus = 2 });
        queue.Enqueue(Task("first", needs: Cpus(1)), Task("large", needs: Cpus(2)));
        queue.Enqueue(Task("s1", needs: Cpus(1)), Task("s2", needs: Cpus(1)), Task("s3", needs: Cpus(1)));

        Assert.Equal(["first@e", "s1@e"], queue.AssignAt());
        queue.Finish("e", "s1");
        Assert.Equal(["s2@e"], queue.AssignAt());
        queue.Finish("e", "s2");
        Assert.Empty(queue.AssignAt());
        queue.Finish("e", "first");
        Assert.Equal(["large@e"], queue.AssignAt());
        queue.Finish("e", "large");
        Assert.Equal(["s3@e"], queue.AssignAt());
    }

    [Fact]
    public void Large_task_is_passed_over_so_long_and_then_room_is_kept_for_it()
    {
        SchedulingQueue queue = Queue(maxPasses: 1000, maxPassTime: 30);
        queue.Register("e", Slots(9) with { Cpus = 2 });
        queue.Enqueue(Task("first", needs: Cpus(1)), Task("large", needs: Cpus(2)));
        queue.Enqueue(Task("s1", needs: Cpus(1)), Task("s2", needs: Cpus(1)), Task("s3", needs: Cpus(1)));

        Assert.Equal(["first@e", "s1@e"], queue.AssignAt(0));
        queue.Finish("e", "s1");
        Assert.Equal(["s2@e"], queue.AssignAt(29.9));
        queue.Finish("e", "s2");
        Assert.Empty(queue.AssignAt(30));
        Assert.Empty(queue.AssignTo("e", 9, At(30)));
    }

    [Fact]
    public void Tasks_that_take_nothing_the_large_one_lacks_still_pass()
    {
        SchedulingQueue queue = Queue(maxPasses: 0);
        queue.Register("e", Slots(4) with { Cpus = 4, GpuDevices = [0] });
        queue.Enqueue(Task("holds the gpu", needs: Cpus(1, gpus: 1)), Task("large", needs: Cpus(2, gpus: 1)));
        queue.Enqueue(Task("beside", needs: Cpus(1)), Task("in the way", needs: Cpus(1)));

        Assert.Equal(["holds the gpu@e", "beside@e"], queue.AssignAt());
        queue.Finish("e", "holds the gpu");
        Assert.Equal(["large@e", "in the way@e"], queue.AssignAt());
    }

    [Fact]
    public void Higher_priority_takes_the_kept_room()
    {
        SchedulingQueue queue = Queue(maxPasses: 0);
        queue.Register("e", Slots(9) with { Cpus = 2 });
        queue.Enqueue(Task("first", needs: Cpus(1)), Task("large", needs: Cpus(2)), Task("small", needs: Cpus(1)));
        Assert.Equal(["first@e"], queue.AssignAt());

        queue.Enqueue(Task("urgent", priority: 1, needs: Cpus(1)));

        Assert.Equal(["urgent@e"], queue.AssignAt());
    }

    [Fact]
    public void Room_is_kept_on_one_executor_and_the_others_go_on()
    {
        SchedulingQueue queue = Queue(maxPasses: 0);
        queue.Register("a", Slots(9) with { Cpus = 2 });
        queue.Register("b", Slots(9) with { Cpus = 2 });
        queue.Enqueue(Task("1", needs: Cpus(1)), Task("2", needs: Cpus(1)), Task("large", needs: Cpus(2)));
        queue.Enqueue(Task("3", needs: Cpus(1)), Task("4", needs: Cpus(1)));

        Assert.Equal(["1@a", "2@b", "3@b"], queue.AssignAt());
    }

    [Fact]
    public void Further_executor_keeps_room_when_the_first_does_not_come_free_in_time()
    {
        SchedulingQueue queue = Queue(maxPasses: 0, maxPassTime: 30);
        queue.Register("a", Slots(9) with { Cpus = 2 });
        queue.Register("b", Slots(9) with { Cpus = 2 });
        queue.Enqueue(Task("days", needs: Cpus(1)), Task("hours", needs: Cpus(1)), Task("large", needs: Cpus(2)));
        queue.Enqueue(Task("s1", needs: Cpus(1)), Task("s2", needs: Cpus(1)), Task("s3", needs: Cpus(1)));
        Assert.Equal(["days@a", "hours@b", "s1@b"], queue.AssignAt(0));

        queue.Finish("b", "s1");
        Assert.Equal(["s2@b"], queue.AssignAt(29));
        queue.Finish("b", "s2");
        Assert.Empty(queue.AssignAt(31));
        queue.Finish("b", "hours");

        Assert.Equal(["large@b", "s3@a"], queue.AssignAt(32));
    }

    [Fact]
    public void Cancelling_the_large_task_frees_the_kept_room()
    {
        SchedulingQueue queue = Queue(maxPasses: 0);
        queue.Register("e", Slots(9) with { Cpus = 2 });
        queue.Enqueue(Task("first", needs: Cpus(1)), Task("large", needs: Cpus(2)), Task("small", needs: Cpus(1)));
        Assert.Equal(["first@e"], queue.AssignAt());

        queue.Cancel("large");

        Assert.Equal(["small@e"], queue.AssignAt());
    }

    [Fact]
    public void Large_task_that_runs_elsewhere_frees_the_kept_room_at_once()
    {
        SchedulingQueue queue = Queue(maxPasses: 0);
        queue.Register("e", Slots(9) with { Cpus = 2, Capabilities = NameSet.Of("x") });
        queue.Enqueue(
            Task("first", needs: Cpus(1)), Task("large", needs: Cpus(2)),
            Task("small", needs: Cpus(1) with { Capabilities = NameSet.Of("x") }));
        Assert.Equal(["first@e"], queue.AssignAt());

        queue.Register("f", Slots(1) with { Cpus = 2 });

        Assert.Equal(["large@f", "small@e"], queue.AssignAt());
    }

    [Fact]
    public void Room_is_kept_for_several_tasks_at_once()
    {
        SchedulingQueue queue = Queue(maxPasses: 1);
        queue.Register("e", Slots(9) with { Cpus = 4, GpuDevices = [0, 1] });
        queue.Enqueue(Task("cpu holder", needs: Cpus(2)), Task("gpu holder", needs: Cpus(0, gpus: 1)));
        queue.Enqueue(Task("gpus", submitted: 1, needs: Cpus(0, gpus: 2)), Task("cpus", submitted: 2, needs: Cpus(4)));
        queue.Enqueue(Task("small cpu 1", submitted: 3, needs: Cpus(1)), Task("small gpu 1", submitted: 4, needs: Cpus(0, gpus: 1)));
        Assert.Equal(["cpu holder@e", "gpu holder@e", "small cpu 1@e", "small gpu 1@e"], queue.AssignAt());

        queue.Finish("e", "small gpu 1");
        queue.Enqueue(Task("small gpu 2", submitted: 5, needs: Cpus(0, gpus: 1)), Task("small cpu 2", submitted: 6, needs: Cpus(1)));
        queue.Enqueue(Task("slot only", submitted: 7));

        Assert.Equal(["slot only@e"], queue.AssignAt());
        queue.Finish("e", "gpu holder");
        Assert.Equal(["gpus@e"], queue.AssignAt());
        queue.Finish("e", "cpu holder");
        queue.Finish("e", "small cpu 1");
        Assert.Equal(["cpus@e"], queue.AssignAt());
    }

    [Fact]
    public void Passing_that_sets_nothing_back_is_not_counted()
    {
        SchedulingQueue queue = Queue(maxPasses: 1);
        queue.Register("e", Slots(99) with { Cpus = 4, GpuDevices = [0] });
        queue.Enqueue(Task("holds the gpu", needs: Cpus(1, gpus: 1)), Task("gpu", needs: Cpus(1, gpus: 1)));
        queue.AssignAt();
        for (int i = 0; i < 50; i++)
        {
            queue.Enqueue(Task($"slot only {i}", submitted: i));
            Assert.Equal([$"slot only {i}@e"], queue.AssignAt());
        }

        queue.Enqueue(Task("in the way", submitted: 50, needs: Cpus(3)), Task("in the way too", submitted: 51, needs: Cpus(1)));
        Assert.Equal(["in the way@e"], queue.AssignAt());
        queue.Finish("e", "in the way");
        Assert.Equal(["in the way too@e"], queue.AssignAt());
    }

    [Fact]
    public void Task_that_no_executor_could_hold_is_not_waited_for()
    {
        SchedulingQueue queue = Queue(maxPasses: 0);
        queue.Register("e", Slots(9) with { Cpus = 2 });
        queue.Enqueue(Task("impossible", needs: Cpus(3)), Task("a", needs: Cpus(2)));

        Assert.Equal(["a@e"], queue.AssignAt());
    }

    /// <summary>
    /// A cluster that is always full of small tasks: the large one starts after at most MaxPasses passes and the time that one
    /// executor needs to come free.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Large_task_waits_no_longer_than_the_bound(int seed)
    {
        const int Executors = 4;
        const int MaxPasses = 8;
        const double LongestTask = 5;
        Random random = new(seed);
        SchedulingQueue queue = Queue(MaxPasses);
        for (int i = 0; i < Executors; i++)
        {
            queue.Register($"e{i}", Slots(8) with { Cpus = 8 });
        }

        PriorityQueue<Assignment, double> running = new();
        double now = 0;
        int passed = 0;
        double? passesUsedUp = null;
        double? largeStarted = null;
        for (int i = 0; i < 5000 && largeStarted is null; i++)
        {
            queue.Enqueue(i == 500 ? Task("large", submitted: i, needs: Cpus(8)) : Task($"s{i}", submitted: i, needs: Cpus(1)));
            if (i < 100)
            {
                continue;
            }

            int passes = 0;
            foreach (Assignment given in queue.Assign(At(now)))
            {
                largeStarted = given.Task.TaskId == "large" ? now : largeStarted;
                passes += given.Task.TaskId is not "large" && int.Parse(given.Task.TaskId.AsSpan(1), null) > 500 ? 1 : 0;
                running.Enqueue(given, now + (random.NextDouble() * LongestTask));
            }

            passed += passes;
            passesUsedUp = passed >= MaxPasses ? passesUsedUp ?? now : null;
            running.TryDequeue(out Assignment? ended, out now);
            Assert.Equal(ReleaseResult.Released, queue.Release(ended!.ExecutorId, ended.Task));
        }

        Assert.NotNull(largeStarted);
        Assert.InRange(largeStarted.Value - passesUsedUp!.Value, 0, LongestTask);
    }
}
