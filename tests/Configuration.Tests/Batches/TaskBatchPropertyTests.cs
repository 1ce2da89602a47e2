using System.Text;

namespace Executor.Configuration.Batches;

public sealed class TaskBatchPropertyTests
{
    [Theory]
    [InlineData("b.jsonl", "{\"code\": \"1\"}\n{\"code\": \"2\", \"timeout\": 5}\n\n{\"script\": \"x.py\"}\n")]
    [InlineData("b.json", "{\"tasks\": [{\"code\": \"1\"},\n {\"code\": \"2\", \"timeout\": 5}]}\n")]
    [InlineData("b.yaml", "tasks:\n  - code: |\n      print(1)\n    timeout: 5\n  - {code: '2', env: {A: \"\\u00e9\"}}\n  - command: [ls, -l]\n")]
    [InlineData("-", "[{\"code\": \"1\"}]")]
    public async Task Read_of_a_damaged_batch_gives_entries_or_a_batch_exception(string name, string text)
    {
        int broken = 0;
        int valid = 0;
        for (int seed = 0; seed < 1000; seed++)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(Mutation.Of(text, new Random(seed)));
            try
            {
                await foreach (TaskBatchEntry entry in TaskBatchReader.ReadAsync(new MemoryStream(bytes), name))
                {
                    Assert.NotEqual(entry.Reading.IsValid, entry.Reading.Faults.Count > 0);
                    valid += entry.Reading.IsValid ? 1 : 0;
                }
            }
            catch (TaskBatchException exception)
            {
                Assert.StartsWith(name, exception.Message, StringComparison.Ordinal);
                broken++;
            }
        }

        Assert.InRange(valid, 1, int.MaxValue);
        Assert.True(broken > 0 || name == "b.jsonl");
    }
}
