using System.Text;
using Executor.Cli.Running;
using Executor.Hosting;
using Executor.Http.Wire;
using Executor.Sessions;
using Executor.Tasks;

namespace Executor.Cli.Remote;

/// <summary>Shows sessions of a server, and what came of code that was executed in them.</summary>
internal static class SessionReport
{
    /// <summary>Writes it as lines for a person, or as a line of JSON.</summary>
    public static void Show(SessionInfo session, bool json)
    {
        if (json)
        {
            Shown.WriteJson(session, ApiJson.Wire.SessionInfo);
            return;
        }

        Shown.WriteFields(
        [
            ("session", session.SessionId),
            ("name", session.Name),
            ("status", StatusOf(session)),
            ("runtime", session.RuntimeId),
            ("runs on", string.Join(", ", new[] { session.ExecutorType?.ToString().ToLowerInvariant(), session.ConfigId, session.Hostname }.OfType<string>())),
            ("executions", session.Executions.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("restarts", session.Restarts.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("created", Shown.Time(DateTimeOffset.FromUnixTimeMilliseconds(session.CreateTimeMs))),
            ("last used", Shown.Time(DateTimeOffset.FromUnixTimeMilliseconds(session.LastUsedTimeMs))),
            ("closed after", $"{Shown.Duration(TimeSpan.FromSeconds(session.IdleTimeout))} without use"),
            ("error", session.Error is TaskError error ? $"{error.Type}: {error.Message}" : null),
        ]);
    }

    /// <summary>The status as it goes over the wire.</summary>
    public static string StatusOf(SessionInfo session) => session.Status.ToString().ToUpperInvariant();

    /// <summary>Writes the last expression's value, or why there is none.</summary>
    /// <returns>Our exit code.</returns>
    public static int Show(SessionExecution execution, LiveOutput live)
    {
        if (execution.ResultText is string value)
        {
            live.WriteLine(Encoding.UTF8.GetBytes(value + "\n"));
        }

        if (execution.Error?.Traceback is string traceback)
        {
            Reporter.Write($"{traceback.TrimEnd()}\n");
        }

        if (execution.Error is TaskError error && (error.Traceback is null || execution.TimedOut))
        {
            Reporter.Say(error.Message);
        }

        if (execution.Restarted)
        {
            Reporter.Say("the interpreter ended with it: there is a new one, and all variables are gone");
        }

        if (execution.OutputTruncated)
        {
            Reporter.Say("there was more output than output_kb allows; the rest is not shown");
        }

        return ExitCodeOf(execution);
    }

    /// <summary>The exit code that tells how it ended.</summary>
    public static int ExitCodeOf(SessionExecution execution) => execution switch
    {
        { Success: true } => ExitCodes.Success,
        { Status: ExecutionStatus.Cancelled } => ExitCodes.Interrupted,
        { TimedOut: true } => ExitCodes.Timeout,
        { OomKilled: true } => ExitCodes.Killed,
        _ => ExitCodes.Failed,
    };
}
