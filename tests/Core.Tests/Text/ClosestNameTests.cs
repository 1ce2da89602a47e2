namespace Executor.Text;

public sealed class ClosestNameTests
{
    private static readonly string[] Known = ["timeout_sec", "port", "host", "memory_mb", "cpu_time"];

    [Theory]
    [InlineData("prot", "port")]
    [InlineData("timeout-sec", "timeout_sec")]
    [InlineData("TimeoutSec", "timeout_sec")]
    [InlineData("timeout", "timeout_sec")]
    [InlineData("port_number", "port")]
    [InlineData("time", null)]
    [InlineData("timeot_sec", "timeout_sec")]
    [InlineData("HOST", "host")]
    [InlineData("hosts", "host")]
    [InlineData("memory", "memory_mb")]
    [InlineData("x", null)]
    [InlineData("", null)]
    public void Find_gives_the_name_with_few_edits(string given, string? expected) =>
        Assert.Equal(expected, ClosestName.Find(given, Known));

    [Fact]
    public void Find_does_not_compare_what_is_too_long_to_be_close() =>
        Assert.Null(ClosestName.Find(new string('a', 1_000_000), Known));
}
