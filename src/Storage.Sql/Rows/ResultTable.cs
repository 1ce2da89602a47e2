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

        if (Of<DockerCodeExecutorOptions>(ended) is { Count: > 0 } docker)
        {
            yield return new BulkWrite(BulkKind.Insert, "docker_executors",
            [
                .. Keys("docker_executor_id", docker),
                Column.Text("image", docker, run => run.Options.Image),
            ]);
        }

        if (Of<SshCodeExecutorOptions>(ended) is { Count: > 0 } ssh)
        {
            yield return new BulkWrite(BulkKind.Insert, "ssh_executors",
            [
                .. Keys("ssh_executor_id", ssh),
                Column.Text("host", ssh, run => run.Options.Host),
                Column.Of("port", ssh, run => (int?)run.Options.Port),
                Column.Text("username", ssh, run => run.Options.Username),
            ]);
        }

        if (Of<LocalCodeExecutorOptions>(ended) is { Count: > 0 } local)
        {
            yield return new BulkWrite(BulkKind.Insert, "local_executors",
            [
                .. Keys("local_executor_id", local),
                Column.Text("executor_path", local, run => run.Options.CodeExecutorPath),
                Column.Of("timeout_sec", local, run => (double?)run.Options.Timeout.TotalSeconds),
                Column.Text("work_dir", local, run => run.Options.WorkDir),
            ]);
        }
    }

    private static List<(Guid Result, TOptions Options)> Of<TOptions>(IReadOnlyList<EndedTask> ended)
        where TOptions : CodeExecutorOptions =>
        [.. ended.Where(task => task.CodeExecutor is TOptions).Select(task => (task.Result.Id, (TOptions)task.CodeExecutor!))];

    private static Column[] Keys<TOptions>(string key, IReadOnlyList<(Guid Result, TOptions Options)> runs) =>
    [
        Column.Of(key, runs, _ => (Guid?)Guid.CreateVersion7()),
        Column.Of("code_executor", runs, run => (Guid?)run.Result),
    ];
}
