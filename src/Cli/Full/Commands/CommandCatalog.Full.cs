using System.CommandLine;
using Executor.Cli.Images;

namespace Executor.Cli.Commands;

/// <content>The commands of edition Full.</content>
internal static partial class CommandCatalog
{
    static partial void AddFull(Dictionary<string, Func<Command>> additions)
    {
        additions["images"] = () => new ImagesCommand();
        additions["ssh"] = () => new SshCommand();
    }
}
