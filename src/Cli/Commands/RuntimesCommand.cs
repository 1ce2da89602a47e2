using System.CommandLine;
using Executor.Cli.Doctor;
using Executor.Runtimes;

namespace Executor.Cli.Commands;

/// <summary><c>executor runtimes</c>: the languages, and what this machine has of them.</summary>
internal sealed class RuntimesCommand : Command
{
    private readonly Option<string?> _config = CommonOptions.Config();
    private readonly Option<bool> _json = CommonOptions.Json("Print them as one JSON array.");

    public RuntimesCommand()
        : base("runtimes", "List the languages: version and path of what is there, how to get what is not.")
    {
        this.AddAll(_config, _json);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        (_, RuntimeCatalog catalog) = ConfigurationFile.Load(parsed.GetValue(_config));
        ProbeResult[] found = RuntimeReport.ProbeAsync(catalog, CancellationToken.None).GetAwaiter().GetResult();
        if (parsed.GetValue(_json))
        {
            OutputChannel.Stdout.Write(JsonOutput.Line(json => RuntimeReport.WriteTo(json, found)));
        }
        else
        {
            OutputChannel.Stdout.WriteLines(RuntimeReport.Lines(found));
        }

        return ExitCodes.Success;
    }
}
