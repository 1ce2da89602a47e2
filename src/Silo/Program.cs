using Executor.Cli;
using Executor.Configuration;
using Executor.Silo;

// Its own local workers are this very program.
if (args is ["worker", ..])
{
    return CommandLine.Run(args);
}

try
{
    return new SiloCommand().Parse(args).Invoke(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (Exception failed) when (failed is UsageException or ConfigurationException)
{
    Reporter.Say(failed);
    return ExitCodes.BadUsage;
}
