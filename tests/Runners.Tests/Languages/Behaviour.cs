namespace Executor.Runners.Languages;

/// <summary>A column of the table in docs/runtimes.md.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Program">The program that shows it.</param>
/// <param name="Expected">The output of those that succeed; null: they are to fail.</param>
/// <param name="Input">Standard input.</param>
internal sealed record Behaviour(string Title, string Program, string? Expected, string Input = "")
{
    public static IReadOnlyList<Behaviour> All { get; } =
    [
        new("hello", "hello", "hello\n"),
        new("stdin to stdout", "stdin", "größe\nzwei\n", "größe\nzwei\n"),
        new("failing assertion", "assert", null),
        new("uncaught error", "error", null),
        new("exit code 3", "exit", null),
        new("infinite loop", "loop", null),
        new("memory", "memory", null),
        new("deep recursion", "deep", ""),
        new("1 MB of output", "output", new string('x', 1_000_000)),
        new("unicode", "unicode", "größe 日本語 🙂\n"),
        new("two files", "two", "42\n"),
    ];

    /// <summary>Long enough for everything that ends, however busy the machine; a loop never does.</summary>
    public TimeSpan Timeout => TimeSpan.FromSeconds(Program == "loop" ? 0.5 : 60);

    /// <summary>What the table says of an outcome.</summary>
    public string Cell(Outcome outcome, string language)
    {
        string expected = Program == "deep" ? $"{Depth(language)}\n" : Expected ?? "";
        return outcome.Error is string error ? error == "exit_code" ? $"`exit_code` {outcome.ExitCode}" : $"`{error}`"
            : Expected is null ? "succeeds"
            : outcome.Stdout != expected ? $"other output: {outcome.Stdout[..int.Min(outcome.Stdout.Length, 40)].Trim()}"
            : Program == "deep" ? $"ok ({Calls(language):N0} calls)"
            : "ok";
    }

    private static int Calls(string language) => language switch
    {
        "bash" => 2_000,
        "c" or "cpp" or "csharp" or "go" or "rust" => 1_000_000,
        _ => 100_000,
    };

    private static int Depth(string language) => language == "bash" ? 0 : Calls(language);
}
