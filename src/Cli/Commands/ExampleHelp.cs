using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Executor.Hosting.Commands;

namespace Executor.Cli.Commands;

/// <summary>Help that ends with examples.</summary>
internal sealed class ExampleHelp(HelpAction standard) : SynchronousCommandLineAction
{
    private const string RootExamples = """
          executor run hello.py                  run a script in the sandbox
          executor run --code 'print(6 * 7)' --language python
          executor batch tasks.jsonl --out results.jsonl --resume
          executor serve                         take tasks from others; then submit, list, logs, cancel, … ask it
          executor doctor                        what this machine can do, and how to get the rest
        """;

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <summary>Makes <c>--help</c> of the root and of every command end with its examples.</summary>
    public static void Attach(RootCommand root)
    {
        foreach (HelpOption option in root.Options.OfType<HelpOption>())
        {
            option.Action = new ExampleHelp((HelpAction)option.Action!);
        }
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int code = standard.Invoke(parseResult);
        string? examples = parseResult.CommandResult.Command switch
        {
            IHaveExamples command => command.Examples,
            RootCommand => RootExamples,
            _ => null,
        };
        if (examples is not null)
        {
            Console.Out.WriteLine($"Examples:\n{examples}\n");
        }

        return code;
    }
}
