using System.CommandLine;
using Executor.Hosting;

namespace Executor.Cli.Commands;

/// <summary>A command that <c>./executor</c> at the root of the source tree does itself, since it needs the sources; listed here for help.</summary>
internal sealed class LauncherCommand : Command
{
    public LauncherCommand(string name, string description)
        : base(name, $"{description} Only through ./executor in the source tree.")
    {
        TreatUnmatchedTokensAsErrors = false;
        SetAction(Refuse);
    }

    private int Refuse(ParseResult parsed) =>
        throw new UsageException($"'{Name}' needs the sources: start it as ./executor {Name} at the root of the source tree");
}
