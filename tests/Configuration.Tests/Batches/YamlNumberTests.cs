namespace Executor.Configuration.Batches;

public sealed class YamlNumberTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "-0")]
    [InlineData("+12", "12")]
    [InlineData("000", "0")]
    [InlineData("-007.50", "-7.50")]
    [InlineData("1.", "1")]
    [InlineData(".5e-3", "0.5e-3")]
    [InlineData("1E+5", "1e+5")]
    [InlineData("0xFf", "255")]
    [InlineData("0xffffffffffffffffff", "4722366482869645213695")]
    [InlineData("0o777", "511")]
    [InlineData("", null)]
    [InlineData(".", null)]
    [InlineData("-", null)]
    [InlineData("+-1", null)]
    [InlineData("1e", null)]
    [InlineData("e1", null)]
    [InlineData("1e+", null)]
    [InlineData("1.2.3", null)]
    [InlineData("1 ", null)]
    [InlineData("0x", null)]
    [InlineData("0o8", null)]
    [InlineData("-0x1", null)]
    [InlineData("٣", null)]
    [InlineData(".inf", null)]
    [InlineData("-.INF", null)]
    [InlineData(".nan", null)]
    public void ToJson_gives_the_same_number_or_nothing(string text, string? expected) =>
        Assert.Equal(expected, YamlNumber.ToJson(text));
}
