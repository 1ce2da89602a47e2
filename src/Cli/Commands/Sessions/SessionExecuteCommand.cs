using System.CommandLine;
using System.Text;
using Executor.Cli.Options;
using Executor.Cli.Remote;
using Executor.Cli.Running;
using Executor.Hosting;
using Executor.Hosting.Commands;
using Executor.Http;
using Executor.Http.Wire;
using Executor.Sessions;

namespace Executor.Cli.Commands.Sessions;

/// <summary><c>executor sessions execute</c>.</summary>
internal sealed class SessionExecuteCommand : Command, IHaveExamples
{
    private readonly Argument<string> _id = new("ID") { Description = "The session." };
    private readonly Argument<string?> _file = new("FILE") { Description = "The code; - reads it from standard input.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _code = CommonOptions.Text("--code", "TEXT", "The code itself instead of a file.");
    private readonly Option<string?> _timeout = CommonOptions.Text("--timeout", "S", "Wall-clock time until it is interrupted, in seconds. Default: the session's.");
    private readonly RemoteOptions _remote = new();
    private readonly Option<bool> _json = CommonOptions.Json("Print what came of it as one JSON object, and its output nowhere else.");

    public SessionExecuteCommand()
        : base("execute", "Execute code in a session: print its output as it comes, then the value of its last expression.")
    {
        Add(_id);
        Add(_file);
        this.AddAll(_code, _timeout);
        _remote.AddTo(this);
        Add(_json);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Examples => """
          executor sessions execute work --code 'x = 6 * 7'
          executor sessions execute work --code x
          executor sessions execute work step2.py

        Ctrl-C interrupts it. Exit code: 0 it completed, 1 it failed, 124 its time was up, 130 it was interrupted, 2 there is no such session or it is lost.
        """;

    private int Run(ParseResult parsed)
    {
        ExecuteRequest request = new() { Code = ReadCode(parsed), Timeout = parsed.Seconds(_timeout) };
        return _remote.Run(parsed, HttpTimeLimits.Brief, async (service, interruption) =>
        {
            bool json = parsed.GetValue(_json);
            LiveOutput live = new(interruption);
            string id = parsed.GetRequiredValue(_id);
            SessionExecution execution = await service.Sessions.ExecuteAsync(id, request, json ? null : live.ReceiveAsync, interruption.Token)
                ?? throw ServerFault.NotFound("session", id);
            if (!json)
            {
                return SessionReport.Show(execution, live);
            }

            Shown.WriteJson(execution, ApiJson.Wire.SessionExecution);
            return SessionReport.ExitCodeOf(execution);
        });
    }

    private string ReadCode(ParseResult parsed) => (parsed.GetValue(_code), parsed.GetValue(_file)) switch
    {
        (string code, null) => code,
        (null, "-") => RunTask.ReadSourceFromInput(),
        (null, string file) => Encoding.UTF8.GetString(TaskFiles.Read(file)),
        (null, null) => throw new UsageException("nothing to execute: name a FILE (- for standard input), or give --code"),
        _ => throw new UsageException("FILE and --code can't be combined; give one of them"),
    };
}
