namespace Executor.Configuration;

public sealed class YamlDocumentTests
{
    [Fact]
    public void Anchors_and_aliases_share_a_value()
    {
        ExecutorConfiguration configuration = Load.Yaml("limits: &l {memory_mb: 5}\nlimits_ceiling: *l");

        Assert.Equal(configuration.Limits, configuration.LimitsCeiling);
        Assert.Equal(5, configuration.Limits?.MemoryMb);
    }

    [Theory]
    [InlineData("!!str null", "null")]
    [InlineData("! ~", "~")]
    [InlineData("'null'", "null")]
    [InlineData("|-\n      two\n      lines", "two\nlines")]
    [InlineData(">-\n      one\n      line", "one line")]
    [InlineData("\"tab\\t\\u00e9\"", "tab\té")]
    public void Text_styles_and_tags_are_understood(string text, string expected) =>
        Assert.Equal(expected, Load.Yaml($"runtimes:\n  r:\n    install_hint: {text}\n").Runtimes["r"].InstallHint);

    [Theory]
    [InlineData("\t: |", "a value is missing")]
    [InlineData("server: \"\\ud800\\u0041\"", "what comes here can't be understood")]
    [InlineData("server: \"\\udc00\"", "found invalid Unicode surrogates")]
    public void Text_the_parser_trips_over_is_broken_yaml(string yaml, string expected)
    {
        string fault = Load.Fault(yaml);

        Assert.Contains(": broken YAML: ", fault, StringComparison.Ordinal);
        Assert.Contains(expected, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_without_end_is_refused()
    {
        Assert.Contains("nested deeper than 64 levels", Load.Fault(new string('[', 200_000)), StringComparison.Ordinal);
        Assert.Contains("nested deeper than 64 levels", Load.Fault(string.Concat(Enumerable.Repeat("- ", 10_000))), StringComparison.Ordinal);
    }

    [Fact]
    public void Aliases_that_multiply_are_refused()
    {
        string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range(1, 20).Select(i =>
            $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));

        Assert.Contains("aliases written out come to over 100000 values", Load.Fault(bomb), StringComparison.Ordinal);
    }

    [Fact]
    public void Large_documents_without_aliases_are_fine()
    {
        List<ConfigurationFault> faults = [];
        using StringReader text = new(string.Concat(Enumerable.Repeat("- 1\n", 110_000)));

        var list = Assert.IsType<DocumentList>(Assert.Single(YamlDocument.Read(text, "big.yaml", faults)));

        Assert.Equal(110_000, list.Items.Count);
        Assert.Empty(faults);
    }
}
