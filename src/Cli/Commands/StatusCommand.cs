using System.CommandLine;
using System.Globalization;
using Executor.Cli.Options;
using Executor.Cli.Remote;
using Executor.Hosting;
using Executor.Hosting.Commands;
using Executor.Http.Wire;

namespace Executor.Cli.Commands;

/// <summary><c>executor status</c>: where a task at a server is.</summary>
internal sealed class StatusCommand : Command, IHaveExamples
{
    private readonly Argument<string> _id = new("ID") { Description = "The task." };
    private readonly RemoteOptions _remote = new();
    private readonly Option<bool> _json = CommonOptions.Json("Print everything, with what was asked, as one JSON object.");

    public StatusCommand()
        : base("status", "Say where a task at a server is.")
    {
        Add(_id);
        _remote.AddTo(this);
        Add(_json);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Examples => """
          executor status 0199…
          executor status nightly-report --json | jq -r .status

        Exit code: 0 it is there, 2 it is not, 125 the server can't be asked.
        """;

    private int Run(ParseResult parsed) => _remote.Run(parsed, RequestTimeouts.Brief, async (client, interruption) =>
    {
        TaskDetail task = await client.GetTaskAsync(parsed.GetRequiredValue(_id), interruption.Token);
        if (parsed.GetValue(_json))
        {
            Shown.WriteJson(task, ApiJson.Wire.TaskDetail);
        }
        else
        {
            Shown.WriteFields(Fields(task));
        }

        return ExitCodes.Success;
    });

    private static IEnumerable<(string Name, string? Value)> Fields(TaskDetail task) =>
    [
        ("task", task.TaskId),
        ("name", task.Name),
        ("status", Shown.Status(task.Status) + (task is { CancelRequested: true, EndTimeMs: null } ? ", being stopped" : "")),
        ("attempt", task.Attempt > 1 ? task.Attempt.ToString(CultureInfo.InvariantCulture) : null),
        ("priority", task.Priority != 0 ? task.Priority.ToString(CultureInfo.InvariantCulture) : null),
        ("runtime", task.RuntimeId),
        ("executor", task.ExecutorId),
        ("depends on", task.DependsOn is { Count: > 0 } parents ? string.Join(", ", parents) : null),
        ("submitted", Shown.Time(task.SubmitTimeMs)),
        ("not before", task is { NotBeforeTimeMs: long time, EndTimeMs: null, StartTimeMs: null } ? Shown.Time(time) : null),
        ("started", task.StartTimeMs is long start ? Shown.Time(start) : null),
        ("ended", task.EndTimeMs is long end ? $"{Shown.Time(end)} ({Shown.Duration(task.StartTimeMs ?? task.SubmitTimeMs, end)})" : null),
    ];
}
