using System.Globalization;
using Executor.Storage.Sql.CrashWriter;
using Executor.Tasks;

namespace Executor.Storage.Sql.Tests;

public abstract partial class SqlTaskStoreContract
{
    /// <summary>What the crash writer is told: the kind of database and where it is.</summary>
    protected abstract (string Kind, string Target) Database { get; }

    [Fact]
    public async Task Killed_writer_loses_nothing_acknowledged_and_records_nothing_twice()
    {
        await using ITaskStore store = await OpenAnotherAsync();
        var random = new Random(20);
        for (int round = 0; round < 4; round++)
        {
            string prefix = $"r{round}";

            List<string> lines = await CrashWriterProcess.RunUntilKilledAsync(Database.Kind, Database.Target, prefix, random.Next(50, 2_500));

            Dictionary<string, TaskResult?> stored = await ResultsAsync(store, prefix);
            foreach (string[] words in lines.Select(line => line.Split(' ')).Where(words => words[0] is "submitted" or "completed"))
            {
                Assert.True(stored.ContainsKey(words[1]), $"{words[1]} was acknowledged but is lost.");
                if (words[0] == "completed")
                {
                    Assert.Equal("Recorded", words[3]);
                    Assert.Equal((words[2], words[1]), (stored[words[1]]?.Id.ToString(), stored[words[1]]?.Stdout));
                }
            }

            foreach (string id in stored.Where(pair => pair.Value is null).Select(pair => pair.Key))
            {
                Assert.Equal(WriteOutcome.Recorded, await store.CompleteAsync(new TaskCompletion(Completed(id)), None));
            }
        }

        int tasks = int.Parse(Assert.Single(await QueryAsync("SELECT count(*) FROM tasks")), CultureInfo.InvariantCulture);
        Assert.Equal(tasks, (await store.CountAsync(None))[ExecutionStatus.Completed]);
        Assert.Equal(
            [tasks.ToString(CultureInfo.InvariantCulture)],
            await QueryAsync("SELECT count(*) FROM code_execution_results WHERE id IN (SELECT result_id FROM tasks)"));
        Assert.Equal([tasks.ToString(CultureInfo.InvariantCulture)], await QueryAsync("SELECT count(*) FROM code_execution_results"));
        Assert.Equal([tasks.ToString(CultureInfo.InvariantCulture)], await QueryAsync("SELECT count(*) FROM task_specs"));
    }

    [Fact]
    public async Task Writer_killed_in_the_middle_of_a_large_batch_stores_all_of_it_or_nothing()
    {
        const int children = 1_500;
        await using ITaskStore store = await OpenAnotherAsync();
        var random = new Random(21);
        for (int round = 0; round < 6; round++)
        {
            string prefix = $"r{round}";
            string[] arguments = [Database.Kind, Database.Target, prefix, children.ToString(CultureInfo.InvariantCulture)];

            List<string> lines = await CrashWriterProcess.RunUntilKilledAsync(arguments, 2, TimeSpan.FromMilliseconds(random.Next(30, 300)));

            int acknowledged = lines.Count(line => line.StartsWith("batch", StringComparison.Ordinal));
            for (int batch = 0; batch < acknowledged + 2; batch++)
            {
                string name = $"{prefix}-{batch}";
                int stored = int.Parse(
                    Assert.Single(await QueryAsync($"SELECT count(*) FROM tasks WHERE task_id LIKE '{name}-%'")), CultureInfo.InvariantCulture);
                Assert.True(stored == children + 1 || (stored == 0 && batch >= acknowledged), $"{stored} tasks of batch {name} are stored");
                if (batch == acknowledged)
                {
                    IReadOnlyList<SubmitOutcome> again = await store.SubmitAsync(FamilyBatch.Of(name, children), None);
                    // A commit that was on its way to a server may be done after the look.
                    Assert.Single(again.Select(outcome => outcome.Status).Distinct());
                    Assert.Equal([$"{children + 1}"], await QueryAsync($"SELECT count(*) FROM tasks WHERE task_id LIKE '{name}-%'"));
                }
            }
        }
    }

    private async Task<Dictionary<string, TaskResult?>> ResultsAsync(ITaskStore store, string prefix)
    {
        Dictionary<string, TaskResult?> results = [];
        foreach (string id in await QueryAsync($"SELECT task_id FROM tasks WHERE task_id LIKE '{prefix}-%'"))
        {
            results.Add(id, await store.GetResultAsync(id, None));
        }

        return results;
    }
}
