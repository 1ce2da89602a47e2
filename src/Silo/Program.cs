using Executor.Hosting.Commands;
using Executor.Silo;

// Its own local workers are this very program.
return CommandLine.Run("executor silo", args, () => new SiloCommand { CommonCommands.Worker(hidden: true) });
