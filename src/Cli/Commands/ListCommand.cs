using System.CommandLine;
using System.Globalization;
using Executor.Cli.Options;
using Executor.Cli.Remote;
using Executor.Execution;
using Executor.Hosting;
using Executor.Hosting.Commands;
using Executor.Http;
using Executor.Http.Wire;
using Executor.Storage;
using Executor.Tasks;
using Executor.Text;

namespace Executor.Cli.Commands;

/// <summary><c>executor list</c>: the tasks at a server.</summary>
internal sealed class ListCommand : Command, IHaveExamples
{
    private const int DefaultLimit = 50;
    private const int MaxPage = 1_000;

    private readonly Option<string?> _status = CommonOptions.Text("--status", "STATUS", "Only those that are PENDING, RUNNING, COMPLETED, FAILED or CANCELLED.");
    private readonly Option<string?> _executor = CommonOptions.Text("--executor", "NAME", "Only those that ask for this code executor.");
    private readonly Option<string?> _executorId = CommonOptions.Text("--executor-id", "ID", "Only those that this registered executor holds or ran.");
    private readonly Option<string?> _name = CommonOptions.Text("--name", "NAME", "Only those of this name.");
    private readonly Option<string?> _limit = CommonOptions.Text("--limit", "N", "How many. Default 50.");
    private readonly Option<bool> _all = CommonOptions.Flag("--all", "All of them.");
    private readonly RemoteOptions _remote = new();
    private readonly Option<bool> _json = CommonOptions.Json("Print a JSON object a line.");

    public ListCommand()
        : base("list", "List the tasks at a server, newest first.")
    {
        this.AddAll(_status, _executor, _executorId, _name, _limit, _all);
        _remote.AddTo(this);
        Add(_json);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Examples => """
          executor list --status RUNNING
          executor list --all --json | jq -r 'select(.attempt > 1) | .task_id'
        """;

    private int Run(ParseResult parsed)
    {
        int? limit = parsed.Whole(_limit);
        if (limit < 1 || (limit is not null && parsed.GetValue(_all)))
        {
            throw new UsageException(limit < 1 ? $"--limit: must be 1 or more, was {limit}" : "--limit and --all can't be combined");
        }

        TaskFilter filter = new()
        {
            Status = ReadStatus(parsed),
            CodeExecutor = parsed.GetValue(_executor),
            ExecutorId = parsed.GetValue(_executorId),
            Name = parsed.GetValue(_name),
        };
        int left = parsed.GetValue(_all) ? int.MaxValue : limit ?? DefaultLimit;
        return _remote.Run(parsed, HttpTimeLimits.Brief, (service, interruption) => ListAsync(service.Tasks, filter, left, parsed.GetValue(_json), interruption.Token));
    }

    private static async Task<int> ListAsync(ITaskService tasks, TaskFilter filter, int left, bool json, CancellationToken cancellationToken)
    {
        TextTable table = new("TASK", "STATUS", "NAME", "PRIORITY", "ATTEMPT", "EXECUTOR", "SUBMITTED", "DURATION");
        TaskCursor? cursor = null;
        do
        {
            TaskPage page = await tasks.ListAsync(filter, int.Min(left, MaxPage), cursor, cancellationToken);
            Show(page.Tasks, json, table);
            (left, cursor) = (left - page.Tasks.Count, page.Next);
        }
        while (cursor is not null && left > 0);

        if (cursor is not null && !json)
        {
            Reporter.Say("there are more; --limit N or --all shows them");
        }

        return ExitCodes.Success;
    }

    private ExecutionStatus? ReadStatus(ParseResult parsed)
    {
        ExecutionStatus[] all = Enum.GetValues<ExecutionStatus>();
        return parsed.GetValue(_status) switch
        {
            null => null,
            string text when all.Where(status => Shown.Status(status).Equals(text, StringComparison.OrdinalIgnoreCase)).ToArray() is [ExecutionStatus found] => found,
            string text => throw new UsageException($"status: must be one of {string.Join(", ", all.Select(Shown.Status))}, was {QuotedText.Of(text)}"),
        };
    }

    private static void Show(IReadOnlyList<TaskRecord> tasks, bool json, TextTable table)
    {
        if (!json)
        {
            OutputChannel.Stdout.WriteLines(table.Lines([.. tasks.Select(Row)]));
            return;
        }

        foreach (TaskRecord task in tasks)
        {
            Shown.WriteJson(TaskSummary.Of(task), ApiJson.Wire.TaskSummary);
        }
    }

    private static string[] Row(TaskRecord task) =>
    [
        task.TaskId,
        Shown.Status(task.State.Status),
        task.Name ?? "-",
        task.Priority.ToString(CultureInfo.InvariantCulture),
        task.State.Attempt.ToString(CultureInfo.InvariantCulture),
        task.State.ExecutorId ?? "-",
        Shown.Time(task.SubmittedAt),
        Shown.Duration(task.State.StartedAt, task.State.EndedAt),
    ];
}
