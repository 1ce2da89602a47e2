using System.CommandLine;
using System.CommandLine.Parsing;
using Executor.Configuration;

namespace Executor.Cli;

/// <summary>Says what is wrong with a command line, and what would be right.</summary>
internal static class ParseFaults
{
    /// <summary>One line per fault.</summary>
    public static string Explain(RootCommand root, ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        if (command == root)
        {
            return parsed.UnmatchedTokens is [string word, ..]
                ? $"'{word}': " + ClosestName.Explain("command", word, root.Subcommands.Select(known => known.Name))
                : $"name a command. Commands: {string.Join(", ", root.Subcommands.Select(known => known.Name))}. More: executor --help";
        }

        IEnumerable<string> faults = parsed.UnmatchedTokens.Count > 0
            ? parsed.UnmatchedTokens.Select(word => ExplainWord(command, word))
            : parsed.Errors.Select(error => error.Message);
        return string.Join('\n', faults.Distinct().Append($"see executor {PathOf(command, root)} --help"));
    }

    private static string PathOf(Command command, RootCommand root) =>
        command.Parents.OfType<Command>().FirstOrDefault() is Command parent && parent != root ? $"{parent.Name} {command.Name}" : command.Name;

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
