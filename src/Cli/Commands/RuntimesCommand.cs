using System.CommandLine;
using Executor.Cli.Doctor;
using Executor.Hosting;
using Executor.Hosting.Commands;
using Executor.Runners.Modules;
using Executor.Runners.Probing;

namespace Executor.Cli.Commands;

/// <summary><c>executor runtimes</c>: the languages, and what this machine has of them.</summary>
internal sealed class RuntimesCommand : Command
{
    private readonly Option<string?> _config = CommonOptions.Config();
    private readonly Option<bool> _json = CommonOptions.Json("Print them as one JSON array.");

    public RuntimesCommand()
        : base("runtimes", "List the languages: version and path of what is there, how to get what is not; then the code executors elsewhere.")
    {
        this.AddAll(_config, _json);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        return RunAsync(parsed).GetAwaiter().GetResult();
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        await using LocalHost host = LocalHost.Open(parsed.GetValue(_config));
        ProbeResult[] found = await RuntimeReport.ProbeAsync(host.Runtimes, CancellationToken.None);
        if (parsed.GetValue(_json))
        {
            OutputChannel.Stdout.Write(JsonOutput.Line(json => RuntimeReport.WriteTo(json, found)));
        }
        else
        {
            OutputChannel.Stdout.WriteLines(RuntimeReport.Lines(found));
            Finding[] elsewhere = await host.CheckAsync(elsewhere: true, CancellationToken.None);
            if (elsewhere.Length > 0)
            {
                OutputChannel.Stdout.WriteLines(["", .. CheckupReport.Lines(elsewhere)]);
            }
        }

        return ExitCodes.Success;
    }
}
