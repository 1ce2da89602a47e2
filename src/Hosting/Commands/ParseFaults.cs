using System.CommandLine;
using Executor.Text;

namespace Executor.Hosting.Commands;

/// <summary>Says what is wrong with a command line, and what would be right.</summary>
public static class ParseFaults
{
    /// <summary>One line per fault.</summary>
    /// <param name="program">The program as people call it.</param>
    /// <param name="root">Its commands.</param>
    /// <param name="parsed">What was made of its command line.</param>
    public static string Explain(string program, RootCommand root, ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        if (command == root && root.Action is null)
        {
            return parsed.UnmatchedTokens is [string word, ..]
                ? $"'{word}': " + ClosestName.Explain("command", word, root.Subcommands.Select(known => known.Name))
                : $"name a command. Commands: {string.Join(", ", root.Subcommands.Select(known => known.Name))}. More: {program} --help";
        }

        IEnumerable<string> faults = parsed.UnmatchedTokens.Count > 0
            ? parsed.UnmatchedTokens.Select(word => ExplainWord(command, word))
            : parsed.Errors.Select(error => error.Message);
        return string.Join('\n', faults.Distinct().Append($"see {program} {string.Join(' ', PathOf(command, root).Append("--help"))}"));
    }

    private static IEnumerable<string> PathOf(Command command, RootCommand root) => command == root
        ? []
        : command.Parents.OfType<Command>().FirstOrDefault() is Command parent ? PathOf(parent, root).Append(command.Name) : [command.Name];

    /// <summary>Says what to do about a word that is no option and no argument of the command.</summary>
    public static string ExplainWord(Command command, string word)
    {
        if (!word.StartsWith('-'))
        {
            return $"unexpected argument '{word}'";
        }

        string name = word.Split('=')[0];
        IEnumerable<string> known = command.Options.Select(option => option.Name).Append("--help");
        return ClosestName.Find(name, known) is string close
            ? $"unknown option {name}; did you mean {close}?"
            : $"unknown option {name}";
    }
}
