using System.CommandLine;
using Executor.Cli.Options;
using Executor.Cli.Remote;
using Executor.Cli.Running;
using Executor.Hosting;
using Executor.Hosting.Commands;
using Executor.Http;

namespace Executor.Cli.Commands;

/// <summary><c>executor logs</c>: what a task at a server prints.</summary>
internal sealed class LogsCommand : Command, IHaveExamples
{
    private readonly Argument<string> _id = new("ID") { Description = "The task." };
    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Go on as it comes, until the task ends." };
    private readonly RemoteOptions _remote = new();

    public LogsCommand()
        : base("logs", "Print what a task at a server has printed: its standard output to ours, its standard error to ours.")
    {
        Add(_id);
        Add(_follow);
        _remote.AddTo(this);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Examples => """
          executor logs nightly-report
          executor logs nightly-report -f        go on until it ends; Ctrl-C leaves it running

        Exit code: 0 whatever became of the task (executor result tells), 2 there is no such task, 125 the server can't be asked.
        """;

    private int Run(ParseResult parsed)
    {
        bool follow = parsed.GetValue(_follow);
        return _remote.Run(parsed, follow ? HttpTimeLimits.Lasting : HttpTimeLimits.Brief, async (service, interruption) =>
        {
            LiveOutput live = new(interruption);
            OutputFollower output = new(service.Tasks, parsed.GetRequiredValue(_id), live);
            if (follow)
            {
                await output.FollowAsync(interruption.Token);
            }
            else
            {
                await output.CatchUpAsync(interruption.Token);
            }

            return interruption.ExitCode ?? ExitCodes.Success;
        });
    }
}
