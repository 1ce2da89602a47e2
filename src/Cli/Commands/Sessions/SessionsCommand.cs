using System.CommandLine;
using System.Globalization;
using Executor.Cli.Options;
using Executor.Cli.Remote;
using Executor.Hosting;
using Executor.Hosting.Commands;
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
            "interrupt", "Interrupt what a session executes; its variables stay.", async (client, id, token) => await client.InterruptSessionAsync(id, token)));
        Add(new SessionActionCommand(
            "restart", "Begin a session's interpreter anew: files stay, variables are gone.", async (client, id, token) => await client.RestartSessionAsync(id, token)));
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

    private int Run(ParseResult parsed) => _remote.Run(parsed, RequestTimeouts.Brief, async (client, interruption) =>
    {
        bool json = parsed.GetValue(_json);
        if (parsed.GetValue(_id) is string id)
        {
            SessionReport.Show(await client.GetSessionAsync(id, interruption.Token), json);
            return ExitCodes.Success;
        }

        IReadOnlyList<SessionInfo> sessions = (await client.ListSessionsAsync(interruption.Token)).Sessions;
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
        Shown.Time(session.LastUsedTimeMs),
    ];

    private static async Task<SessionInfo?> CloseAsync(ExecutorClient client, string id, CancellationToken cancellationToken)
    {
        await client.CloseSessionAsync(id, cancellationToken);
        return null;
    }
}
