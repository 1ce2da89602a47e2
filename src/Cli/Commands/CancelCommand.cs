using System.CommandLine;
using Executor.Cli.Options;
using Executor.Cli.Remote;
using Executor.Execution;
using Executor.Hosting;
using Executor.Hosting.Commands;
using Executor.Http;
using Executor.Http.Wire;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Cli.Commands;

/// <summary><c>executor cancel</c>: ends tasks at a server.</summary>
internal sealed class CancelCommand : Command, IHaveExamples
{
    private readonly Argument<string[]> _ids = new("ID") { Description = "The tasks.", Arity = ArgumentArity.OneOrMore };
    private readonly RemoteOptions _remote = new();
    private readonly Option<bool> _json = CommonOptions.Json("Print a JSON object a line: task_id and status.");

    public CancelCommand()
        : base("cancel", "End tasks at a server. A waiting one never runs; a running one is stopped within about a second.")
    {
        Add(_ids);
        _remote.AddTo(this);
        Add(_json);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Examples => """
          executor cancel nightly-report
          executor list --status PENDING --name sweep --all --json | jq -r .task_id | xargs executor cancel

        Exit code: 0 all are cancelled or being stopped, 1 some had ended already or are not there.
        """;

    private int Run(ParseResult parsed) => _remote.Run(parsed, HttpTimeLimits.Brief, async (service, interruption) =>
    {
        int exitCode = ExitCodes.Success;
        foreach (string id in parsed.GetRequiredValue(_ids).Distinct())
        {
            if (!await CancelAsync(service.Tasks, id, parsed.GetValue(_json), interruption.Token))
            {
                exitCode = ExitCodes.Failed;
            }
        }

        return exitCode;
    });

    /// <summary>Asks for a task's end and tells where it is then.</summary>
    /// <returns>Whether it is cancelled or being stopped.</returns>
    private static async Task<bool> CancelAsync(ITaskService tasks, string id, bool json, CancellationToken cancellationToken)
    {
        CancelOutcome outcome = await tasks.CancelAsync(id, cancellationToken);
        if (outcome == CancelOutcome.NotFound || await tasks.GetAsync(id, cancellationToken) is not StoredTask task)
        {
            Reporter.Say(ServerFault.NotFound("task", id));
            return false;
        }

        ExecutionStatus status = task.Record.State.Status;
        if (outcome == CancelOutcome.AlreadyEnded && status != ExecutionStatus.Cancelled)
        {
            Reporter.Say($"task '{id}' has ended already: {Shown.Status(status)}");
            return false;
        }

        if (json)
        {
            Shown.WriteJson(new SubmitReceipt { TaskId = id, Status = status }, ApiJson.Wire.SubmitReceipt);
        }
        else
        {
            OutputChannel.Stdout.WriteLines([$"{id}  {(status == ExecutionStatus.Cancelled ? "CANCELLED" : "is being stopped")}"]);
        }

        return true;
    }
}
