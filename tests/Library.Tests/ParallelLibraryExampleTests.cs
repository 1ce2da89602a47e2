namespace Executor.Library;

/// <summary>The example of the library's page: what it prints, and that the page shows what is compiled here.</summary>
public sealed class ParallelLibraryExampleTests
{
    [Fact]
    public async Task Example_prints_what_its_page_says()
    {
        using StringWriter output = new() { NewLine = "\n" };

        await ParallelLibrary.Example.RunAsync(output, progress: null, CancellationToken.None);

        Assert.Equal(Block(Page(), "```text\n"), output.ToString());
    }

    [Fact]
    public void Page_shows_the_example_as_it_is()
    {
        string shown = Block(Page(), "```csharp\n");
        string example = Unindented(File.ReadAllText(Path.Combine(Repository.Root, "examples/ParallelLibrary/Example.cs")));

        Assert.Contains(Unindented(shown), example, StringComparison.Ordinal);
    }

    private static string Page() => File.ReadAllText(Path.Combine(Repository.Root, "docs/library.md"));

    /// <summary>The first fenced block of a kind.</summary>
    private static string Block(string page, string fence)
    {
        int start = page.IndexOf(fence, StringComparison.Ordinal) + fence.Length;
        return page[start..page.IndexOf("```", start, StringComparison.Ordinal)];
    }

    private static string Unindented(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()));
}
