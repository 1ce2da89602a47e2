using System.CommandLine;
using Executor.Cli.Doctor;
using Executor.Hosting;
using Executor.Hosting.Commands;

namespace Executor.Cli.Commands;

/// <summary><c>executor doctor</c>: what this machine can do, and how to get the rest.</summary>
internal sealed class DoctorCommand : Command
{
    private readonly Option<string?> _config = CommonOptions.Config();
    private readonly Option<bool> _json = CommonOptions.Json("Print everything as one JSON object.");

    public DoctorCommand()
        : base("doctor", "Say what this machine can do, and how to get the rest. Exit code 1 if tasks can't run as they should.")
    {
        this.AddAll(_config, _json);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        Checkup checkup = Checkup.TakeAsync(parsed.GetValue(_config), CancellationToken.None).GetAwaiter().GetResult();
        if (parsed.GetValue(_json))
        {
            OutputChannel.Stdout.Write(JsonOutput.Line(json => CheckupReport.WriteTo(json, checkup)));
        }
        else
        {
            OutputChannel.Stdout.WriteLines(CheckupReport.Lines(checkup));
        }

        return checkup.IsWell ? ExitCodes.Success : ExitCodes.Failed;
    }
}
