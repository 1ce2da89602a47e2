using Executor.Cli.Commands;
using Executor.Hosting.Commands;

// What follows "--" belongs to the program that is run and is not ours to interpret.
int end = Array.IndexOf(args, "--");
string[] own = end < 0 ? args : args[..end];
string[] programArgs = end < 0 ? [] : args[(end + 1)..];
return CommandLine.Run("executor", own, () => CommandCatalog.Create(own, programArgs));
