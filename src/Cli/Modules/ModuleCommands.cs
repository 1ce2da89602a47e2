using System.CommandLine;
using Executor.Hosting.Commands;
using Executor.Hosting.Runners;
using Executor.Runners.Modules;

namespace Executor.Cli.Modules;

/// <summary>The commands that come with the runners.</summary>
internal static class ModuleCommands
{
    /// <summary>All of them. The code of every runner is loaded.</summary>
    public static IEnumerable<Command> All() =>
        RunnerModules.All.SelectMany(runner => runner.Module.Commands, (runner, command) => Build(runner, command));

    /// <summary>The command of that name; null: there is none.</summary>
    public static Command? Find(string name) => All().FirstOrDefault(command => command.Name == name);

    private static ParsedCommand Build(ListedRunner runner, ModuleCommand described)
    {
        ParsedCommand command = new(described);
        foreach (ModuleCommand below in described.Commands)
        {
            command.Add(Build(runner, below));
        }

        if (described.RunAsync is { } run)
        {
            List<Symbol> inputs = [.. described.Inputs.Select(SymbolOf)];
            foreach (Symbol input in inputs)
            {
                if (input is Argument argument)
                {
                    command.Add(argument);
                }
                else
                {
                    command.Add((Option)input);
                }
            }

            command.SetAction(parsed => ModuleCommandLine.RunAsync(run, runner.Kind, inputs, parsed).GetAwaiter().GetResult());
        }

        return command;
    }

    private static Symbol SymbolOf(ModuleInput input) => input.Kind switch
    {
        ModuleInputKind.Argument => new Argument<string>(input.Name) { Description = input.Description },
        ModuleInputKind.Text => CommonOptions.Text(input.Name, input.ValueName!, input.Description),
        ModuleInputKind.Texts => CommonOptions.Several(input.Name, input.ValueName!, input.Description),
        ModuleInputKind.Flag => CommonOptions.Flag(input.Name, input.Description),
        _ => CommonOptions.Config(),
    };

    private sealed class ParsedCommand(ModuleCommand described) : Command(described.Name, described.Description), IHaveExamples
    {
        public string? Examples => described.Examples;
    }
}
