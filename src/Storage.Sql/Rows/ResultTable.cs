using System.Data.Common;
using Executor.Executors;
using Executor.Tasks;

namespace Executor.Storage.Sql.Rows;

/// <summary>The table <c>code_execution_results</c>, with those of the code executors that depend on it.</summary>
internal static class ResultTable
{
    /// <summary>The columns that <see cref="Read"/> takes, of <c>code_execution_results r</c> and <c>tasks t</c>.</summary>
    public const string Columns =
        "r.id, r.executor_type, r.executor_id, r.runtime_id, r.name, r.config_id, r.exit_code, r.stdout, r.stderr, r.hostname, "
        + "r.start_time_ms, r.end_time_ms, r.duration_sec, t.attempt, t.outcome";

    public static TaskResult Read(DbDataReader reader) => OutcomeJson.Read(reader.GetString(14)) with
    {
        Id = reader.GetGuid(0),
        ExecutorType = Words.Runner(reader.TextOrNull(1)),
        ExecutorId = reader.TextOrNull(2),
        RuntimeId = reader.TextOrNull(3),
        Name = reader.TextOrNull(4),
        ConfigId = reader.TextOrNull(5),
        ExitCode = reader.Int32OrNull(6),
        Stdout = reader.Text(7),
        Stderr = reader.Text(8),
        Hostname = reader.TextOrNull(9),
        StartTimeMs = reader.GetInt64(10),
        EndTimeMs = reader.GetInt64(11),
        DurationSec = reader.GetDouble(12),
        Attempt = reader.GetInt32(13),
    };

    public static IEnumerable<BulkWrite> Insert(IReadOnlyList<EndedTask> ended)
    {
        TaskResult[] results = [.. ended.Select(task => task.Result)];
        yield return new BulkWrite(BulkKind.Insert, "code_execution_results",
        [
            Column.Of("id", results, result => (Guid?)result.Id),
            Column.Of("executor_type", results, result => Words.Of(result.ExecutorType)),
            Column.Text("executor_id", results, result => result.ExecutorId),
            Column.Text("runtime_id", results, result => result.RuntimeId),
            Column.Text("name", results, result => result.Name),
            Column.Text("config_id", results, result => result.ConfigId),
            Column.Of("completed", results, result => result.Completed),
            Column.Of("success", results, result => result.Success),
            Column.Of("exit_code", results, result => result.ExitCode),
            Column.Text("stdout", results, result => result.Stdout),
            Column.Text("stderr", results, result => result.Stderr),
            Column.Text("hostname", results, result => result.Hostname),
            Column.Of("start_time_ms", results, result => (long?)result.StartTimeMs),
            Column.Of("end_time_ms", results, result => (long?)result.EndTimeMs),
            Column.Of("duration_sec", results, result => (double?)result.DurationSec),
            Column.Text("error", results, result => result.Error is TaskError error ? $"{error.Type}: {error.Message}" : null),
        ]);

        foreach (IGrouping<string, (Guid Result, StoredCodeExecutor Stored)> runs in Runs(ended).GroupBy(run => run.Stored.Table))
        {
            yield return CodeExecutors(runs.Key, [.. runs]);
        }
    }

    private static IEnumerable<(Guid Result, StoredCodeExecutor Stored)> Runs(IEnumerable<EndedTask> ended) =>
        ended.Where(task => task.CodeExecutor is not null).Select(task => (task.Result.Id, task.CodeExecutor!.Stored));

    /// <summary>The table of one kind of code executor. Its columns are those of the kind.</summary>
    private static BulkWrite CodeExecutors(string kind, IReadOnlyList<(Guid Result, StoredCodeExecutor Stored)> runs) => new(BulkKind.Insert, $"{kind}_executors",
    [
        Column.Of($"{kind}_executor_id", runs, _ => (Guid?)Guid.CreateVersion7()),
        Column.Of("code_executor", runs, run => (Guid?)run.Result),
        .. runs[0].Stored.Columns.Select((column, index) => column.Value switch
        {
            int => Column.Of(column.Name, runs, run => (int?)run.Stored.Columns[index].Value),
            double => Column.Of(column.Name, runs, run => (double?)run.Stored.Columns[index].Value),
            _ => Column.Text(column.Name, runs, run => (string?)run.Stored.Columns[index].Value),
        }),
    ]);
}
