namespace Executor.Runners.Languages;

/// <summary>What becomes of programs of each language, in the sandbox.</summary>
public sealed class LanguageTests(BuiltPrograms programs) : IClassFixture<BuiltPrograms>
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    /// <summary>The corpus: in MultiPL-E's shape a function, then its assertions.</summary>
    private static readonly string[] Corpus = ["pass1", "pass2", "pass3", "pass4", "fail1", "fail2", "fail3", "error1", "error2", "error3"];

    [Theory]
    [InlineData("bash", "exit_code")]
    [InlineData("c", "assertion")]
    [InlineData("cpp", "assertion")]
    [InlineData("csharp", "assertion")]
    [InlineData("go", "panic")]
    [InlineData("java", "java.lang.AssertionError")]
    [InlineData("node", "AssertionError")]
    [InlineData("perl", "die")]
    [InlineData("php", "AssertionError")]
    [InlineData("ruby", "RuntimeError")]
    [InlineData("rust", "panic")]
    public async Task Corpus_agrees_with_the_bare_toolchain(string language, string failure)
    {
        Requirement.Toolchain(language);
        using BareToolchain bare = await BareToolchain.BuildAsync(language);
        BuiltProgram built = await programs.OfAsync(language);
        foreach (string name in Corpus)
        {
            Ended expected = await bare.RunAsync(name);
            Outcome outcome = await built.RunAsync(name, "", Long);

            Assert.Equal((name, expected.ExitCode, expected.Stdout), (name, outcome.ExitCode, outcome.Stdout));
            Assert.Equal((name, name.StartsWith("pass", StringComparison.Ordinal)), (name, outcome.Error is null));
            if (name.StartsWith("fail", StringComparison.Ordinal))
            {
                Assert.Equal((name, failure), (name, outcome.Error));
            }
        }
    }

    [Theory]
    [MemberData(nameof(BuiltInLanguages.All), MemberType = typeof(BuiltInLanguages))]
    public async Task Table_in_the_docs_says_what_happens(string language)
    {
        Requirement.Toolchain(language);
        BuiltProgram built = await programs.OfAsync(language);
        List<string> cells = [];
        foreach (Behaviour behaviour in Behaviour.All)
        {
            cells.Add(behaviour.Cell(await built.RunAsync(behaviour.Program, behaviour.Input, behaviour.Timeout), language));
        }

        RuntimeTable table = RuntimeTable.Open();
        if (Environment.GetEnvironmentVariable("EXECUTOR_WRITE_DOCS") == "1")
        {
            table.Write(language, cells);
        }

        Assert.Equal(RuntimeTable.Row(language, cells), table.RowOf(language));
    }
}
