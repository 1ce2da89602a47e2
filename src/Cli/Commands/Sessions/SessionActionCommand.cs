using System.CommandLine;
using Executor.Cli.Options;
using Executor.Cli.Remote;
using Executor.Hosting;
using Executor.Http;
using Executor.Sessions;

namespace Executor.Cli.Commands.Sessions;

/// <summary>Does one thing to a session, and shows where it is then.</summary>
internal sealed class SessionActionCommand : Command
{
    private readonly Argument<string> _id = new("ID") { Description = "The session." };
    private readonly RemoteOptions _remote = new();
    private readonly Func<ISessionService, string, CancellationToken, Task<SessionInfo?>> _act;

    /// <param name="name">What it is called.</param>
    /// <param name="description">What it does.</param>
    /// <param name="act">Does it; null: there is nothing to show.</param>
    public SessionActionCommand(string name, string description, Func<ISessionService, string, CancellationToken, Task<SessionInfo?>> act)
        : base(name, description)
    {
        _act = act;
        Add(_id);
        _remote.AddTo(this);
        SetAction(Run);
    }

    private int Run(ParseResult parsed) => _remote.Run(parsed, HttpTimeLimits.Brief, async (service, interruption) =>
    {
        if (await _act(service.Sessions, parsed.GetRequiredValue(_id), interruption.Token) is SessionInfo session)
        {
            OutputChannel.Stdout.WriteLines([$"{session.SessionId}  {SessionReport.StatusOf(session)}"]);
        }

        return ExitCodes.Success;
    });
}
