using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Executor.Hosting;
using Executor.Http.Wire;
using Executor.Tasks;

namespace Executor.Cli.Remote;

internal sealed partial class ExecutorClient
{
    /// <summary>The longest wait that servers grant one request.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(300);

    /// <summary>Submits a task. It has an id, so that to submit it again does nothing.</summary>
    public Task<SubmitReceipt> SubmitAsync(TaskSpec task, CancellationToken cancellationToken) =>
        PostAsync("tasks", JsonSerializer.SerializeToUtf8Bytes(task, ApiJson.Wire.TaskSpec), ApiJson.Wire.SubmitReceipt, cancellationToken);

    /// <summary>Submits tasks: all are taken or, if one is not valid, none. They have ids, so that to submit them again does nothing.</summary>
    /// <param name="tasks">Each as JSON.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<BatchReceipt> SubmitAsync(IReadOnlyList<byte[]> tasks, CancellationToken cancellationToken)
    {
        using MemoryStream body = new(tasks.Sum(task => task.Length + 1) + 1);
        for (int i = 0; i < tasks.Count; i++)
        {
            body.WriteByte((byte)(i == 0 ? '[' : ','));
            body.Write(tasks[i]);
        }

        body.WriteByte((byte)']');
        return PostAsync("tasks/batch", body.GetBuffer().AsMemory(0, (int)body.Length), ApiJson.Wire.BatchReceipt, cancellationToken);
    }

    /// <summary>Where a task is, and what was asked.</summary>
    public Task<TaskDetail> GetTaskAsync(string taskId, CancellationToken cancellationToken) =>
        GetAsync(TaskPath(taskId), ApiJson.Wire.TaskDetail, cancellationToken);

    /// <summary>A task's result; null: it did not end within the wait.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="wait">How long to wait for its end; any length.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<TaskResult?> GetResultAsync(string taskId, TimeSpan wait, CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        while (true)
        {
            TimeSpan left = wait - _time.GetElapsedTime(start);
            TimeSpan part = TimeSpan.FromTicks(long.Clamp(left.Ticks, 0, LongestWait.Ticks));
            if (await AskForResultAsync(taskId, part, cancellationToken) is TaskResult result)
            {
                return result;
            }

            if (left <= LongestWait)
            {
                return null;
            }
        }
    }

    /// <summary>Asks for a task's end, and tells where it is then.</summary>
    public Task<SubmitReceipt> CancelTaskAsync(string taskId, CancellationToken cancellationToken) =>
        PostAsync($"{TaskPath(taskId)}/cancel", default, ApiJson.Wire.SubmitReceipt, cancellationToken);

    /// <summary>A page of tasks, newest first.</summary>
    /// <param name="query">Names and values of the filters; null values are left out.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<TaskList> ListTasksAsync(IEnumerable<(string Name, string? Value)> query, CancellationToken cancellationToken) =>
        GetAsync($"tasks{Query(query)}", ApiJson.Wire.TaskList, cancellationToken);

    private Task<TaskResult?> AskForResultAsync(string taskId, TimeSpan wait, CancellationToken cancellationToken)
    {
        string? seconds = wait > TimeSpan.Zero ? wait.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) : null;
        Request request = new(HttpMethod.Get, $"{TaskPath(taskId)}/result{Query([("wait", seconds)])}") { Wait = wait };
        return SendAsync<TaskResult?>(
            request,
            async (response, token) => response.StatusCode == HttpStatusCode.OK ? await ReadAsync(response, ApiJson.Wire.TaskResult, token) : null,
            cancellationToken);
    }

    private static string TaskPath(string taskId) => $"tasks/{Escape(taskId)}";

    /// <summary>An id as a part of a path.</summary>
    /// <exception cref="UsageException">It can't be one: nothing has such an id.</exception>
    private static string Escape(string id) => id is "" or "." or ".."
        ? throw new UsageException($"'{id}' is no id")
        : Uri.EscapeDataString(id);

    private static string Query(IEnumerable<(string Name, string? Value)> values)
    {
        StringBuilder query = new();
        foreach ((string name, string? value) in values)
        {
            if (value is not null)
            {
                query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }

        return query.ToString();
    }
}
