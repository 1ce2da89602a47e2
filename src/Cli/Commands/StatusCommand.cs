using System.CommandLine;
using System.Globalization;
using Executor.Cli.Options;
using Executor.Cli.Remote;
using Executor.Hosting;
using Executor.Hosting.Commands;
using Executor.Http;
using Executor.Http.Wire;
using Executor.Storage;

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

    private int Run(ParseResult parsed) => _remote.Run(parsed, HttpTimeLimits.Brief, async (service, interruption) =>
    {
        string id = parsed.GetRequiredValue(_id);
        StoredTask task = await service.Tasks.GetAsync(id, interruption.Token) ?? throw ServerFault.NotFound("task", id);
        if (parsed.GetValue(_json))
        {
            Shown.WriteJson(TaskDetail.Of(task), ApiJson.Wire.TaskDetail);
        }
        else
        {
            Shown.WriteFields(Fields(task.Record, task.Record.State));
        }

        return ExitCodes.Success;
    });

    private static IEnumerable<(string Name, string? Value)> Fields(TaskRecord task, TaskState state) =>
    [
        ("task", task.TaskId),
        ("name", task.Name),
        ("status", Shown.Status(state.Status) + (state is { CancelRequested: true, EndedAt: null } ? ", being stopped" : "")),
        ("attempt", state.Attempt > 1 ? state.Attempt.ToString(CultureInfo.InvariantCulture) : null),
        ("priority", task.Priority != 0 ? task.Priority.ToString(CultureInfo.InvariantCulture) : null),
        ("runtime", state.Runtime),
        ("executor", state.ExecutorId),
        ("depends on", task.DependsOn.Count > 0 ? string.Join(", ", task.DependsOn) : null),
        ("submitted", Shown.Time(task.SubmittedAt)),
        ("not before", state is { NotBefore: not null, EndedAt: null, StartedAt: null } ? Shown.Time(state.NotBefore) : null),
        ("started", state.StartedAt is null ? null : Shown.Time(state.StartedAt)),
        ("ended", state.EndedAt is null ? null : $"{Shown.Time(state.EndedAt)} ({Shown.Duration(state.StartedAt ?? task.SubmittedAt, state.EndedAt)})"),
    ];
}
