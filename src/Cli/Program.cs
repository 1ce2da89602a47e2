using Executor.Cli;

return CommandLine.Run(args);
