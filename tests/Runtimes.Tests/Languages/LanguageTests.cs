namespace Executor.Languages;

/// <summary>What becomes of programs of each language, in the sandbox.</summary>
public sealed class LanguageTests(BuiltPrograms programs) : IClassFixture<BuiltPrograms>
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    /// <summary>The corpus: in MultiPL-E's shape a function, then its assertions.</summary>
    private static readonly string[] Corpus = ["pass1", "pass2", "pass3", "pass4", "fail1", "fail2", "fail3", "error1", "error2", "error3"];

    [Theory]
    [ToolchainData("bash", "exit_code")]
    [ToolchainData("c", "assertion")]
    [ToolchainData("cpp", "assertion")]
    [ToolchainData("csharp", "assertion")]
    [ToolchainData("go", "panic")]
    [ToolchainData("java", "java.lang.AssertionError")]
    [ToolchainData("node", "AssertionError")]
    [ToolchainData("perl", "die")]
    [ToolchainData("php", "AssertionError")]
    [ToolchainData("ruby", "RuntimeError")]
    [ToolchainData("rust", "panic")]
    public async Task Corpus_agrees_with_the_bare_toolchain(string language, string failure)
    {
        using BareToolchain bare = await BareToolchain.BuildAsync(language);
        BuiltProgram built = await programs.OfAsync(language);
        foreach (string name in Corpus)
        {
            BareToolchain.Ended expected = await bare.RunAsync(name);
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
    [ToolchainData("bash")]
    [ToolchainData("c")]
    [ToolchainData("cpp")]
    [ToolchainData("csharp")]
    [ToolchainData("go")]
    [ToolchainData("java")]
    [ToolchainData("node")]
    [ToolchainData("perl")]
    [ToolchainData("php")]
    [ToolchainData("python")]
    [ToolchainData("ruby")]
    [ToolchainData("rust")]
    public async Task Table_in_the_docs_says_what_happens(string language)
    {
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
