using Executor.Tasks;
using static Executor.Scheduling.Samples;

namespace Executor.Scheduling;

public sealed class SchedulingQueueTests
{
    private readonly SchedulingQueue _queue = new();

    [Fact]
    public void Higher_priority_goes_first_then_the_older_then_the_earlier_enqueued()
    {
        _queue.Register("e", Slots(10));
        _queue.Enqueue(
            Task("new", submitted: 5), Task("urgent", priority: 10, submitted: 9), Task("old", submitted: 1),
            Task("as old", submitted: 1), Task("low", priority: -1));

        Assert.Equal(["urgent@e", "old@e", "as old@e", "new@e", "low@e"], _queue.AssignAt());
    }

    [Theory]
    [InlineData(600, 599, "urgent")]
    [InlineData(600, 601, "low")]
    [InlineData(0, 86_400, "urgent")]
    public void Task_counts_one_priority_higher_for_each_time_that_it_has_waited(int aging, int age, string first)
    {
        SchedulingQueue queue = new(new SchedulingOptions { PriorityAging = TimeSpan.FromSeconds(aging) });
        queue.Enqueue(Task("low", priority: -7, submitted: 1_000), Task("urgent", priority: -6, submitted: 1_000 + age));
        queue.Register("e", Slots(1));

        Assert.Equal([$"{first}@e"], queue.AssignAt(1_000 + age));
    }

    [Theory]
    [InlineData(int.MinValue, int.MaxValue)]
    [InlineData(int.MaxValue - 1, int.MaxValue)]
    public void Priorities_may_be_as_far_apart_as_numbers_are(int low, int high)
    {
        foreach (TimeSpan aging in (TimeSpan[])[TimeSpan.Zero, TimeSpan.FromMinutes(10), TimeSpan.MaxValue])
        {
            SchedulingQueue queue = new(new SchedulingOptions { PriorityAging = aging });
            queue.Enqueue(Task("low", priority: low, submitted: 1), Task("high", priority: high, submitted: 2));
            queue.Register("e", Slots(1));

            Assert.Equal(["high@e"], queue.AssignAt());
        }
    }

    [Fact]
    public void Urgent_task_behind_five_thousand_others_is_next()
    {
        for (int i = 0; i < 5000; i++)
        {
            _queue.Enqueue(Task($"t{i}", submitted: i));
        }

        _queue.Register("e", Slots(1));
        Assert.Equal(["t0@e"], _queue.AssignAt());
        _queue.Enqueue(Task("urgent", priority: 10, submitted: 5000));
        _queue.Finish("e", "t0");

        Assert.Equal(["urgent@e"], _queue.AssignAt());
    }

    [Fact]
    public void Executor_is_given_no_more_than_its_max_tasks()
    {
        _queue.Register("e", Slots(2));
        _queue.Enqueue(Task("a"), Task("b"), Task("c"));

        Assert.Equal(["a@e", "b@e"], _queue.AssignAt());
        Assert.Equal((1, 2), (_queue.WaitingCount, _queue.HeldCount));
        _queue.Finish("e", "b");
        Assert.Equal(["c@e"], _queue.AssignAt());
    }

    [Fact]
    public void Workers_with_different_capabilities_get_only_what_they_can_run()
    {
        _queue.Register("torch1", Slots(9) with { Capabilities = NameSet.Of("torch1") });
        _queue.Register("torch2", Slots(9) with { Capabilities = NameSet.Of("torch2", "gpu") });
        _queue.Enqueue(
            Task("a", needs: Needs("torch2")), Task("b", needs: Needs("torch1")), Task("c", needs: Needs("gpu", "torch2")),
            Task("d", needs: Needs("gpu", "torch1")));

        Assert.Equal(["a@torch2", "b@torch1", "c@torch2"], _queue.AssignAt());
        Assert.Equal(1, _queue.WaitingCount);
    }

    [Fact]
    public void Runner_and_code_executor_must_be_offered()
    {
        _queue.Register("local", Slots(9));
        _queue.Register("docker", Slots(9) with { Runners = [RunnerKind.Docker], CodeExecutors = NameSet.Of("docker_python") });
        _queue.Enqueue(
            Task("a", needs: Needs() with { Runner = RunnerKind.Docker }),
            Task("b", needs: Needs() with { Runner = RunnerKind.Localhost }),
            Task("c", needs: Needs() with { CodeExecutor = "docker_python" }),
            Task("d", needs: Needs() with { Runner = RunnerKind.Ssh }),
            Task("e", needs: Needs() with { CodeExecutor = "docker_node" }));

        Assert.Equal(["a@docker", "b@local", "c@docker"], _queue.AssignAt());
    }

    [Fact]
    public void Executor_that_comes_later_gets_what_waited_for_its_capability()
    {
        _queue.Register("plain", Slots(1));
        _queue.Enqueue(Task("a", needs: Needs("gpu")));
        Assert.Empty(_queue.AssignAt());

        _queue.Register("gpu", Slots(1) with { Capabilities = NameSet.Of("gpu") });

        Assert.Equal(["a@gpu"], _queue.AssignAt());
    }

    [Fact]
    public void Least_loaded_executor_is_chosen_and_the_first_registered_among_equals()
    {
        _queue.Register("small", Slots(2));
        _queue.Register("large", Slots(4));
        _queue.Enqueue(Task("a"), Task("b"), Task("c"), Task("d"), Task("e"), Task("f"));

        Assert.Equal(["a@small", "b@large", "c@large", "d@small", "e@large", "f@large"], _queue.AssignAt());
    }

    [Fact]
    public void Load_counts_the_scarcest_resource()
    {
        _queue.Register("many slots, little memory", Slots(100) with { MemoryMb = 1000 });
        _queue.Register("few slots, much memory", Slots(4) with { MemoryMb = 8000 });
        _queue.Enqueue(Task("a", needs: Cpus(0, 500)), Task("b", needs: Cpus(0, 500)), Task("c", needs: Cpus(0, 500)));

        Assert.Equal(
            ["a@many slots, little memory", "b@few slots, much memory", "c@few slots, much memory"], _queue.AssignAt());
    }

    [Fact]
    public void Gpu_tasks_get_devices_of_their_own()
    {
        _queue.Register("e", Slots(9) with { GpuDevices = [0, 1, 2] });
        _queue.Enqueue(
            Task("a", needs: Cpus(0, gpus: 1)), Task("b", needs: Cpus(0, gpus: 2)), Task("c", needs: Cpus(0, gpus: 1)), Task("d"));

        IReadOnlyList<Assignment> given = _queue.Assign(Start);

        Assert.Equal(["a", "b", "d"], given.Select(it => it.Task.TaskId));
        Assert.Equal([[0], [1, 2], []], given.Select(it => it.GpuDevices));
        _queue.Finish("e", "a");
        Assert.Equal([0], Assert.Single(_queue.Assign(Start)).GpuDevices);
    }

    [Fact]
    public void Smaller_task_goes_where_a_larger_earlier_one_has_no_room()
    {
        _queue.Register("e", Slots(9) with { Cpus = 4 });
        _queue.Enqueue(Task("a", needs: Cpus(3)), Task("large", needs: Cpus(2)), Task("small", needs: Cpus(1)));

        Assert.Equal(["a@e", "small@e"], _queue.AssignAt());
    }

    [Fact]
    public void Executor_that_asks_is_given_up_to_what_it_asks_for()
    {
        _queue.Register("a", Slots(3));
        _queue.Register("b", Slots(3));
        _queue.Enqueue(Task("1"), Task("2"), Task("3"), Task("4"), Task("5"));

        Assert.Equal(["1", "2"], _queue.AssignTo("b", 2, Start).Select(it => it.Task.TaskId));
        Assert.Equal(["3"], _queue.AssignTo("b", 9, Start).Select(it => it.Task.TaskId));
        Assert.Empty(_queue.AssignTo("nobody", 9, Start));
    }

    [Fact]
    public void Task_is_enqueued_once()
    {
        _queue.Register("e", Slots(1));
        _queue.Enqueue(Task("a"));

        Assert.Equal(EnqueueResult.AlreadyQueued, _queue.Enqueue(Task("a")));
        Assert.Equal(["a@e"], _queue.AssignAt());
        Assert.Equal(EnqueueResult.AlreadyHeld, _queue.Enqueue(Task("a")));
        _queue.Finish("e", "a");
        Assert.Equal(EnqueueResult.Queued, _queue.Enqueue(Task("a") with { Attempt = 2 }));
    }

    [Fact]
    public void Cancelled_waiting_task_is_never_given()
    {
        _queue.Register("e", Slots(9));
        _queue.Enqueue(Task("a"), Task("b"), Task("c"), Task("later") with { NotBefore = At(5) });

        Assert.Equal(new WaitingTaskRemoved(new TaskAttempt("b", 1)), _queue.Cancel("b"));
        Assert.Equal(new WaitingTaskRemoved(new TaskAttempt("later", 1)), _queue.Cancel("later"));
        Assert.Equal(new TaskNotFound(), _queue.Cancel("b"));
        Assert.Equal(["a@e", "c@e"], _queue.AssignAt(9));
    }

    [Fact]
    public void Cancelled_held_task_keeps_its_room_until_it_is_released()
    {
        _queue.Register("e", Slots(1));
        _queue.Enqueue(Task("a"), Task("b"));
        _queue.AssignAt();

        Assert.Equal(new TaskIsHeld(new HeldTask(new TaskAttempt("a", 1), "e")), _queue.Cancel("a"));
        Assert.Empty(_queue.AssignAt());
        _queue.Finish("e", "a");
        Assert.Equal(["b@e"], _queue.AssignAt());
    }

    [Fact]
    public void Only_the_holder_of_the_attempt_releases_it()
    {
        _queue.Register("e", Slots(1));
        _queue.Register("other", Slots(1));
        _queue.Enqueue(Task("a") with { Attempt = 2 });
        _queue.AssignAt();

        Assert.Equal(ReleaseResult.NotHeld, _queue.Release("e", new TaskAttempt("a", 1)));
        Assert.Equal(ReleaseResult.NotHeld, _queue.Release("other", new TaskAttempt("a", 2)));
        Assert.Equal(new HeldTask(new TaskAttempt("a", 2), "e"), Assert.IsType<TaskIsHeld>(_queue.Cancel("a")).Held);
        Assert.Equal(ReleaseResult.Released, _queue.Release("e", new TaskAttempt("a", 2)));
        Assert.Equal(ReleaseResult.NotHeld, _queue.Release("e", new TaskAttempt("a", 2)));
        Assert.IsType<TaskNotFound>(_queue.Cancel("a"));
    }

    [Fact]
    public void Delayed_task_is_not_given_before_its_time_and_then_by_its_age()
    {
        _queue.Register("e", Slots(1));
        _queue.Enqueue(Task("retry", submitted: 0) with { NotBefore = At(10) }, Task("a", submitted: 5), Task("b", submitted: 6));

        Assert.Equal(At(10), _queue.NextDue);
        Assert.Equal(["a@e"], _queue.AssignAt(9.9));
        _queue.Finish("e", "a");
        Assert.Equal(["retry@e"], _queue.AssignAt(10));
        Assert.Null(_queue.NextDue);
    }

    [Fact]
    public void Task_that_waits_too_long_expires_and_is_answered_once()
    {
        _queue.Register("e", Slots(1));
        _queue.Enqueue(Task("a") with { ExpiresAt = At(10) }, Task("b") with { ExpiresAt = At(5) }, Task("c"));

        Assert.Equal(At(5), _queue.NextDue);
        Assert.Equal(["a@e"], _queue.AssignAt(4.9));
        _queue.Finish("e", "a");
        Assert.Equal(["c@e"], _queue.AssignAt(5));
        Assert.Equal(At(5), _queue.NextDue);
        Assert.Equal([new TaskAttempt("b", 1)], _queue.ExpireWaiting(At(5)));
        Assert.Empty(_queue.ExpireWaiting(At(99)));
        Assert.Null(_queue.NextDue);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("a", 0)]
    public void Task_without_an_id_or_attempt_is_refused(string taskId, int attempt) =>
        Assert.ThrowsAny<ArgumentException>(() => _queue.Enqueue(Task("x") with { TaskId = taskId, Attempt = attempt }));

    [Fact]
    public void Impossible_options_are_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => new SchedulingQueue(new SchedulingOptions { MaxPasses = -1 }));
        Assert.ThrowsAny<ArgumentException>(() => new SchedulingQueue(new SchedulingOptions { MaxPassTime = TimeSpan.FromTicks(-1) }));
        Assert.ThrowsAny<ArgumentException>(() => new SchedulingQueue(new SchedulingOptions { PriorityAging = TimeSpan.FromTicks(-1) }));
    }
}
