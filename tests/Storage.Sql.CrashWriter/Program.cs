using System.Globalization;
using Executor.Storage;
using Executor.Storage.Sql;
using Executor.Storage.Sql.CrashWriter;
using Executor.Storage.Sql.Databases;
using Executor.Tasks;
using Microsoft.Extensions.Logging.Abstractions;

// Writes until it is killed, and prints what was acknowledged: "submitted ID" and "completed ID RESULT".
// Arguments: sqlite PATH | postgres CONNECTION, then a prefix for the tasks' ids. With a fourth, a number, it stores one batch of so many tasks and their
// parent after the other instead, and prints "batch PREFIX".
(string kind, string target, string prefix) = (args[0], args[1], args[2]);
await using ITaskStore store = kind == "sqlite"
    ? await SqlTaskStores.OpenSqliteAsync(target, SqlStoreOptions.Default, TimeProvider.System, NullLogger.Instance, CancellationToken.None)
    : await SqlTaskStores.OpenPostgresAsync(target, SqlStoreOptions.Default, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
TextWriter acknowledged = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
await acknowledged.WriteLineAsync("open");
await (args.Length > 3
    ? WriteBatchesAsync(int.Parse(args[3], CultureInfo.InvariantCulture))
    : Task.WhenAll(Enumerable.Range(0, 32).Select(WriteAsync)));

async Task WriteBatchesAsync(int children)
{
    for (int i = 0; ; i++)
    {
        string batch = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i}");
        await store.SubmitAsync(FamilyBatch.Of(batch, children), CancellationToken.None);
        acknowledged.WriteLine($"batch {batch}");
    }
}

async Task WriteAsync(int writer)
{
    for (int i = 0; ; i++)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{writer}-{i}");
        await store.SubmitAsync(
            new TaskSubmission(new TaskSpec { TaskId = id, Code = $"print('{id}')" }, DateTimeOffset.UtcNow), CancellationToken.None);
        acknowledged.WriteLine($"submitted {id}");
        var result = new TaskResult { TaskId = id, Status = ExecutionStatus.Completed, Stdout = id };
        WriteOutcome outcome = await store.CompleteAsync(new TaskCompletion(result), CancellationToken.None);
        acknowledged.WriteLine($"completed {id} {result.Id} {outcome}");
    }
}
