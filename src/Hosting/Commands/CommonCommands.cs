using System.CommandLine;

namespace Executor.Hosting.Commands;

/// <summary>The commands that several programs have.</summary>
public static class CommonCommands
{
    /// <summary><c>worker</c>: an executor that takes its tasks from a server.</summary>
    /// <param name="hidden">Whether help leaves it out: it is for the program itself.</param>
    public static Command Worker(bool hidden = false) => new WorkerCommand { Hidden = hidden };
}
