using System.CommandLine;
using System.Globalization;
using Executor.Cli.Options;
using Executor.Cli.Remote;
using Executor.Hosting;
using Executor.Hosting.Commands;
using Executor.Http;
using Executor.Sessions;

namespace Executor.Cli.Commands.Sessions;

/// <summary><c>executor sessions</c>: interpreters at a server that keep their variables.</summary>
internal sealed class SessionsCommand : Command, IHaveExamples
{
    private readonly Argument<string?> _id = new("ID") { Description = "The session to show. Default: a list of all.", Arity = ArgumentArity.ZeroOrOne };
    private readonly RemoteOptions _remote = new();
    private readonly Option<bool> _json = CommonOptions.Json("Print a JSON object a line.");

    public SessionsCommand()
        : base("sessions", "List the sessions of a server: interpreters that keep their variables; open one, execute code in it, restart it, close it.")
    {
        Add(new SessionOpenCommand());
        Add(new SessionExecuteCommand());
        Add(new SessionActionCommand(
            "interrupt", "Interrupt what a session executes; its variables stay.", InterruptAsync));
        Add(new SessionActionCommand(
            "restart", "Begin a session's interpreter anew: files stay, variables are gone.", RestartAsync));
        Add(new SessionActionCommand("close", "Close a session: its processes and files are gone.", CloseAsync));
        Add(_id);
        _remote.AddTo(this);
        Add(_json);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Examples => """
          executor sessions open --session-id work --package pandas --file data.csv
          executor sessions execute work --code 'import pandas; df = pandas.read_csv("data.csv")'
          executor sessions execute work --code 'len(df)'
          executor sessions
          executor sessions close work
        """;

    private int Run(ParseResult parsed) => _remote.Run(parsed, HttpTimeLimits.Brief, async (service, interruption) =>
    {
        bool json = parsed.GetValue(_json);
        if (parsed.GetValue(_id) is string id)
        {
            SessionReport.Show(await FindAsync(service.Sessions, id, interruption.Token), json);
            return ExitCodes.Success;
        }

        IReadOnlyList<SessionInfo> sessions = await service.Sessions.ListAsync(interruption.Token);
        if (!json)
        {
            TextTable table = new("SESSION", "STATUS", "RUNTIME", "RUNS ON", "EXECUTIONS", "LAST USED");
            OutputChannel.Stdout.WriteLines(table.Lines([.. sessions.Select(Row)]));
            return ExitCodes.Success;
        }

        foreach (SessionInfo session in sessions)
        {
            SessionReport.Show(session, json: true);
        }

        return ExitCodes.Success;
    });

    private static string[] Row(SessionInfo session) =>
    [
        session.SessionId,
        SessionReport.StatusOf(session),
        session.RuntimeId ?? "-",
        session.ConfigId ?? "-",
        session.Executions.ToString(CultureInfo.InvariantCulture),
        Shown.Time(DateTimeOffset.FromUnixTimeMilliseconds(session.LastUsedTimeMs)),
    ];

    private static async Task<SessionInfo> FindAsync(ISessionService sessions, string id, CancellationToken cancellationToken) =>
        await sessions.GetAsync(id, cancellationToken) ?? throw ServerFault.NotFound("session", id);

    private static async Task<SessionInfo?> InterruptAsync(ISessionService sessions, string id, CancellationToken cancellationToken) =>
        await sessions.InterruptAsync(id, cancellationToken) ? await FindAsync(sessions, id, cancellationToken) : throw ServerFault.NotFound("session", id);

    private static async Task<SessionInfo?> RestartAsync(ISessionService sessions, string id, CancellationToken cancellationToken) =>
        await sessions.RestartAsync(id, cancellationToken) ?? throw ServerFault.NotFound("session", id);

    private static async Task<SessionInfo?> CloseAsync(ISessionService sessions, string id, CancellationToken cancellationToken) =>
        await sessions.CloseAsync(id, cancellationToken) ? null : throw ServerFault.NotFound("session", id);
}
