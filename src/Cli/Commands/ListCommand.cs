using System.CommandLine;
using System.Globalization;
using Executor.Cli.Options;
using Executor.Cli.Remote;
using Executor.Hosting;
using Executor.Hosting.Commands;
using Executor.Http.Wire;

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

        int left = parsed.GetValue(_all) ? int.MaxValue : limit ?? DefaultLimit;
        return _remote.Run(parsed, RequestTimeouts.Brief, (client, interruption) => ListAsync(client, parsed, left, interruption.Token));
    }

    private async Task<int> ListAsync(ExecutorClient client, ParseResult parsed, int left, CancellationToken cancellationToken)
    {
        TextTable table = new("TASK", "STATUS", "NAME", "PRIORITY", "ATTEMPT", "EXECUTOR", "SUBMITTED", "DURATION");
        string? cursor = null;
        do
        {
            TaskList page = await client.ListTasksAsync(
                [
                    ("status", parsed.GetValue(_status)),
                    ("executor", parsed.GetValue(_executor)),
                    ("executor_id", parsed.GetValue(_executorId)),
                    ("name", parsed.GetValue(_name)),
                    ("limit", int.Min(left, MaxPage).ToString(CultureInfo.InvariantCulture)),
                    ("cursor", cursor),
                ],
                cancellationToken);
            Show(page.Tasks, parsed.GetValue(_json), table);
            (left, cursor) = (left - page.Tasks.Count, page.NextCursor);
        }
        while (cursor is not null && left > 0);

        if (cursor is not null && !parsed.GetValue(_json))
        {
            Reporter.Say("there are more; --limit N or --all shows them");
        }

        return ExitCodes.Success;
    }

    private static void Show(IReadOnlyList<TaskSummary> tasks, bool json, TextTable table)
    {
        if (!json)
        {
            OutputChannel.Stdout.WriteLines(table.Lines([.. tasks.Select(Row)]));
            return;
        }

        foreach (TaskSummary task in tasks)
        {
            Shown.WriteJson(task, ApiJson.Wire.TaskSummary);
        }
    }

    private static string[] Row(TaskSummary task) =>
    [
        task.TaskId,
        Shown.Status(task.Status),
        task.Name ?? "-",
        task.Priority.ToString(CultureInfo.InvariantCulture),
        task.Attempt.ToString(CultureInfo.InvariantCulture),
        task.ExecutorId ?? "-",
        Shown.Time(task.SubmitTimeMs),
        Shown.Duration(task.StartTimeMs, task.EndTimeMs),
    ];
}
