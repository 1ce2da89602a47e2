using System.Globalization;
using Executor.Http.Wire;
using Executor.Storage;

namespace Executor.Http;

internal sealed partial class HttpTasks
{
    /// <inheritdoc/>
    public async Task<TaskPage> ListAsync(TaskFilter filter, int limit, TaskCursor? after, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPage(limit);
        (List<TaskRecord> tasks, TaskCursor? next) = await LongPage.ReadAsync<TaskRecord, TaskCursor>(limit, after, async (count, cursor) =>
        {
            TaskPage page = await ListPieceAsync(filter, count, cursor, cancellationToken);
            return (page.Tasks, page.Next);
        });
        return new TaskPage(tasks, next);
    }

    private async Task<TaskPage> ListPieceAsync(TaskFilter filter, int limit, TaskCursor? after, CancellationToken cancellationToken)
    {
        string query = HttpAsk.Query(
        [
            ("status", filter.Status?.ToString().ToUpperInvariant()),
            ("executor", filter.CodeExecutor),
            ("executor_id", filter.ExecutorId),
            ("name", filter.Name),
            ("runtime", filter.Runtime),
            ("since", SinceOf(filter)?.ToString(CultureInfo.InvariantCulture)),
            ("limit", limit.ToString(CultureInfo.InvariantCulture)),
            ("cursor", after?.ToString()),
        ]);
        return (await connection.SendAsync(new HttpAsk(HttpMethod.Get, $"tasks{query}"), ApiJson.Wire.TaskList, PageOf, cancellationToken)).Value!;
    }

    /// <summary>The first millisecond that is not before it: tasks' times have no smaller parts.</summary>
    private static long? SinceOf(TaskFilter filter) => filter.Since is DateTimeOffset since
        ? long.Max(0, since.AddTicks(TimeSpan.TicksPerMillisecond - 1).ToUnixTimeMilliseconds())
        : null;

    private static TaskPage PageOf(TaskList list) => new(
        [.. list.Tasks.Select(task => task.ToRecord())],
        list.NextCursor is null ? null
            : TaskCursor.TryParse(list.NextCursor, out TaskCursor next) ? next
            : throw new ArgumentException("The cursor is none."));
}
