using Executor.Tasks;

namespace Executor.Cli.Batch;

public sealed class BatchWindowTests
{
    [Fact]
    public void Window_hands_out_the_highest_priority_first_and_equals_in_order()
    {
        BatchWindow window = new();
        int[] priorities = [0, int.MaxValue, int.MinValue, 3, 3, 0];
        for (int i = 0; i < priorities.Length; i++)
        {
            window.Add(Item(i, priorities[i]));
        }

        List<long> order = [];
        while (window.Count > 0)
        {
            order.Add(window.Take().Line);
        }

        Assert.Equal([1, 3, 4, 0, 5, 2], order);
    }

    [Fact]
    public void Window_is_full_at_its_number_of_tasks()
    {
        BatchWindow window = new(maxTasks: 2);
        window.Add(Item(1));
        Assert.False(window.IsFull);
        window.Add(Item(2));
        Assert.True(window.IsFull);
        window.Take();
        Assert.False(window.IsFull);
    }

    [Fact]
    public void Window_is_full_at_its_size_and_has_room_again_when_the_large_task_is_taken()
    {
        BatchWindow window = new(maxCharacters: 100);
        window.Add(Item(1, code: new string('x', 100)));
        Assert.True(window.IsFull);
        window.Take();
        Assert.False(window.IsFull);
    }

    private static BatchItem Item(long line, int priority = 0, string code = "") =>
        new(line, new TaskSpec { Code = code, Priority = priority });
}
