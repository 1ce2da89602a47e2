using System.CommandLine;
using Executor.Cli.Options;
using Executor.Cli.Remote;
using Executor.Hosting;
using Executor.Hosting.Commands;
using Executor.Http.Wire;
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

    private int Run(ParseResult parsed) => _remote.Run(parsed, RequestTimeouts.Brief, async (client, interruption) =>
    {
        int exitCode = ExitCodes.Success;
        foreach (string id in parsed.GetRequiredValue(_ids).Distinct())
        {
            try
            {
                Show(await client.CancelTaskAsync(id, interruption.Token), parsed.GetValue(_json));
            }
            catch (ServerRefusedException refused) when (refused.IsConflict || refused.IsNotFound)
            {
                Reporter.Say(refused);
                exitCode = ExitCodes.Failed;
            }
        }

        return exitCode;
    });

    private static void Show(SubmitReceipt task, bool json)
    {
        if (json)
        {
            Shown.WriteJson(task, ApiJson.Wire.SubmitReceipt);
        }
        else
        {
            OutputChannel.Stdout.WriteLines([$"{task.TaskId}  {(task.Status == ExecutionStatus.Cancelled ? "CANCELLED" : "is being stopped")}"]);
        }
    }
}
