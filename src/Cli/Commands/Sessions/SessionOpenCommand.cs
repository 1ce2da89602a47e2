using System.CommandLine;
using System.Text;
using Executor.Cli.Options;
using Executor.Cli.Remote;
using Executor.Cli.Running;
using Executor.Hosting;
using Executor.Hosting.Commands;
using Executor.Http;
using Executor.Sessions;
using Executor.Tasks;

namespace Executor.Cli.Commands.Sessions;

/// <summary><c>executor sessions open</c>.</summary>
internal sealed class SessionOpenCommand : Command, IHaveExamples
{
    private readonly Option<string?> _id = CommonOptions.Text("--session-id", "ID", "Its id: opening the same again under the same id does nothing. Default: a new one.");
    private readonly Option<string?> _name = CommonOptions.Text("--name", "NAME", "A name for people.");
    private readonly Option<string?> _language = CommonOptions.Text("--language", "L", "The runtime. Default python.");
    private readonly Option<string?> _startup = CommonOptions.Text("--startup", "FILE", "Code that is executed at the start and after every restart.");
    private readonly Option<string[]> _env = CommonOptions.Several("--env", "K=V", "An environment variable; K alone hands on ours.");
    private readonly Option<string[]> _packages = CommonOptions.Several("--package", "NAME", "A Python package it needs (pandas, requests==2.32.0); installed once and kept.");
    private readonly Option<string[]> _files = CommonOptions.Several("--file", "PATH[=DEST]", "A file to lay out in the working directory.");
    private readonly Option<string?> _runner = CommonOptions.Runner();
    private readonly Option<string?> _executor = CommonOptions.Executor();
    private readonly Option<string?> _timeout = CommonOptions.Text("--timeout", "S", "Wall-clock time of an execution that does not say, in seconds. Default: the code executor's, else 300.");
    private readonly Option<string?> _idleTimeout = CommonOptions.Text("--idle-timeout", "S", "Seconds without use after which it is closed. Default: the server's, 1800.");
    private readonly LimitOptions _limits = new();
    private readonly Option<bool> _noSandbox = CommonOptions.NoSandbox();
    private readonly RemoteOptions _remote = new();
    private readonly Option<bool> _json = CommonOptions.Json("Print the session as one JSON object.");

    public SessionOpenCommand()
        : base("open", "Open a session and print its id.")
    {
        this.AddAll(_id, _name, _language, _startup, _env, _packages, _files, _runner, _executor, _timeout, _idleTimeout);
        _limits.AddTo(this);
        Add(_noSandbox);
        _remote.AddTo(this);
        Add(_json);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Examples => """
          executor sessions open --startup helpers.py --memory 1024
          executor sessions open --session-id work --runner docker --idle-timeout 86400
        """;

    private int Run(ParseResult parsed)
    {
        SessionSpec spec = Read(parsed);
        return SessionValidator.Validate(spec) is { Count: > 0 } faults
            ? throw new UsageException(string.Join('\n', faults))
            : _remote.Run(parsed, HttpTimeLimits.Brief, async (service, interruption) =>
        {
            SessionInfo session = await service.Sessions.OpenAsync(spec, interruption.Token);
            if (parsed.GetValue(_json))
            {
                SessionReport.Show(session, json: true);
            }
            else
            {
                OutputChannel.Stdout.WriteLines([session.SessionId]);
            }

            return ExitCodes.Success;
        });
    }

    private SessionSpec Read(ParseResult parsed)
    {
        TaskFiles files = new();
        foreach (string file in parsed.GetValue(_files) ?? [])
        {
            files.Add(file);
        }

        SessionSpec spec = new()
        {
            SessionId = parsed.GetValue(_id) ?? TaskSubmission.NewId(),
            Name = parsed.GetValue(_name),
            Runner = parsed.Runner(_runner),
            Executor = parsed.GetValue(_executor),
            UseSandbox = !parsed.GetValue(_noSandbox),
            Env = RunTask.ParseEnv(parsed.GetValue(_env) ?? []),
            Files = files.Count > 0 ? files.All : null,
            Limits = _limits.Read(parsed),
            RuntimeEnv = parsed.GetValue(_packages) is { Length: > 0 } packages ? new RuntimeEnv { Packages = packages } : null,
            Startup = parsed.GetValue(_startup) is string startup ? Encoding.UTF8.GetString(TaskFiles.Read(startup)) : null,
            Timeout = parsed.Seconds(_timeout),
            IdleTimeout = parsed.Seconds(_idleTimeout),
        };
        return parsed.GetValue(_language) is string language ? spec with { Language = language } : spec;
    }
}
