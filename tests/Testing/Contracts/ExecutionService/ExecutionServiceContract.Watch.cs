using System.Text;
using Executor.Execution;
using Executor.Executors;
using Executor.Tasks;

namespace Executor.Testing;

public abstract partial class ExecutionServiceContract
{
    [Fact]
    public async Task Output_is_seen_while_the_task_runs_and_characters_are_whole()
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(Gateway);
        string id = await SubmitAsync(Task());
        TaskAssignment given = await executor.NextAsync();
        await using IAsyncEnumerator<TaskEvent> events = Service.WatchAsync(id, default, None).GetAsyncEnumerator();

        byte[] bytes = Encoding.UTF8.GetBytes("aé€😀z");
        foreach (byte one in bytes)
        {
            await executor.PrintAsync(given, OutputStream.Stdout, new[] { one });
        }

        string text = "";
        while (text.Length < "aé€😀z".Length)
        {
            Assert.True(await events.MoveNextAsync());
            text += Assert.IsType<TaskOutput>(events.Current).Text;
        }

        Assert.Equal("aé€😀z", text);
        await executor.CompleteAsync(given, "aé€😀z");
        Assert.True(await events.MoveNextAsync());
        Assert.Equal(ExecutionStatus.Completed, Assert.IsType<OutputEnded>(events.Current).Result.Status);
        Assert.False(await events.MoveNextAsync());
    }

    [Fact]
    public async Task Watch_resumes_after_any_event_while_the_task_runs_and_after_its_end()
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(Gateway);
        string id = await SubmitAsync(Task());
        TaskAssignment given = await executor.NextAsync();
        await executor.PrintAsync(given, OutputStream.Stdout, "one "u8.ToArray());
        await executor.PrintAsync(given, OutputStream.Stderr, "err "u8.ToArray());
        await executor.PrintAsync(given, OutputStream.Stdout, "two "u8.ToArray());
        List<TaskOutput> live = [];
        await foreach (TaskEvent found in Service.WatchAsync(id, default, None))
        {
            live.Add(Assert.IsType<TaskOutput>(found));
            if (live.Count == 3)
            {
                break;
            }
        }

        await executor.ReportAsync(given.Task, new TaskResult
        {
            TaskId = id, Status = ExecutionStatus.Completed, Stdout = "one two three", Stderr = "err ",
        });
        await EndOfAsync(id);

        Assert.Equal(("one two three", "err "), await ReadAsync(default));
        Assert.Equal(("two three", "err "), await ReadAsync(live[0].Position));
        Assert.Equal(("two three", ""), await ReadAsync(live[1].Position));
        Assert.Equal(("three", ""), await ReadAsync(live[2].Position));

        async Task<(string, string)> ReadAsync(OutputPosition after)
        {
            StringBuilder stdout = new();
            StringBuilder stderr = new();
            await foreach (TaskEvent found in Service.WatchAsync(id, after, None))
            {
                if (found is TaskOutput output)
                {
                    (output.Stream == OutputStream.Stdout ? stdout : stderr).Append(output.Text);
                }
            }

            return (stdout.ToString(), stderr.ToString());
        }
    }

    [Fact]
    public async Task Repeated_attempt_s_output_begins_anew()
    {
        FakeExecutor first = await FakeExecutor.JoinAsync(Gateway, "first");
        string id = await SubmitAsync(Task());
        TaskAssignment lost = await first.NextAsync();
        await first.PrintAsync(lost, OutputStream.Stdout, "half"u8.ToArray());
        await first.SayAsync(new LeaveMessage());
        FakeExecutor second = await FakeExecutor.JoinAsync(Gateway, "second");
        TaskAssignment again = await second.NextAsync();
        await first.PrintAsync(lost, OutputStream.Stdout, "late"u8.ToArray());
        await second.PrintAsync(again, OutputStream.Stdout, "whole"u8.ToArray());
        await second.CompleteAsync(again, "whole");

        List<TaskEvent> events = [];
        await foreach (TaskEvent found in Service.WatchAsync(id, new OutputPosition(1, 4, 0), None))
        {
            events.Add(found);
        }

        Assert.Equal("whole", Assert.IsType<TaskOutput>(events[0]).Text);
        Assert.Equal(2, events.Count);
    }

    [Fact]
    public async Task Watch_of_nothing_ends_at_once()
    {
        await foreach (TaskEvent found in Service.WatchAsync("nobody", default, None))
        {
            Assert.Fail($"There is {found}.");
        }
    }
}
