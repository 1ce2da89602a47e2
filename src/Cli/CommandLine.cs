using System.CommandLine;
using System.CommandLine.Parsing;
using Executor.Cli.Commands;
using Executor.Cli.Remote;
using Executor.Configuration;
using Executor.Tasks;

namespace Executor.Cli;

/// <summary>The program's edge: parses the command line, runs the command, turns every failure into one clear message and an exit code.</summary>
internal static class CommandLine
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
    public static int Run(string[] args)
    {
        try
        {
            // What follows "--" belongs to the program that is run and is not ours to interpret.
            int end = Array.IndexOf(args, "--");
            string[] own = end < 0 ? args : args[..end];
            RootCommand root = CommandCatalog.Create(own, end < 0 ? [] : args[(end + 1)..]);
            ParseResult parsed = root.Parse(own, Parser);
            if (parsed.Errors.Count > 0)
            {
                Reporter.Say(ParseFaults.Explain(root, parsed));
                return ExitCodes.BadUsage;
            }

            return parsed.Invoke(Invocation);
        }
        catch (Exception exception) when (exception is UsageException or ConfigurationException or TaskBatchException or ServerRefusedException)
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
