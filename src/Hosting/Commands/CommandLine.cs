using System.CommandLine;
using Executor.Configuration;
using Executor.Configuration.Batches;

namespace Executor.Hosting.Commands;

/// <summary>A program's edge: parses the command line, runs the command, turns every failure into one clear message and an exit code.</summary>
public static class CommandLine
{
    private static readonly InvocationConfiguration Invocation = new()
    {
        // Failures and signals are handled here and by the commands.
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = null,
    };

    private static readonly ParserConfiguration Parser = new()
    {
        EnablePosixBundling = false,
        // "@file" is an ordinary argument of the program that is run.
        ResponseFileTokenReplacer = null,
    };

    /// <summary>Runs the command line and gives the process's exit code. Never throws.</summary>
    /// <param name="program">The program as people call it, for messages.</param>
    /// <param name="args">The command line, up to <c>--</c> if what follows that is not ours.</param>
    /// <param name="create">Makes the commands.</param>
    public static int Run(string program, string[] args, Func<RootCommand> create)
    {
        try
        {
            RootCommand root = create();
            ParseResult parsed = root.Parse(args, Parser);
            if (parsed.Errors.Count > 0)
            {
                Reporter.Say(ParseFaults.Explain(program, root, parsed));
                return ExitCodes.BadUsage;
            }

            return parsed.Invoke(Invocation);
        }
        catch (Exception exception) when (exception is UsageException or ConfigurationException or TaskBatchException)
        {
            Reporter.Say(exception);
            return ExitCodes.BadUsage;
        }
        catch (BrokenPipeException)
        {
            return ExitCodes.BrokenPipe;
        }
        catch (Exception exception)
        {
            Reporter.Say(exception);
            return ExitCodes.OwnFailure;
        }
    }
}
