namespace Executor.Tasks;

public sealed class PackageRequirementTests
{
    [Theory]
    [InlineData("pandas", "pandas")]
    [InlineData(" Foo_Bar.baz ", "foo-bar-baz")]
    [InlineData("requests==2.32.0", "requests==2.32.0")]
    [InlineData("requests [Socks, use_chardet] >= 2.31 , < 3", "requests[socks,use-chardet]<3,>=2.31")]
    [InlineData("a!=1.*,~=1.2,===1+local", "a!=1.*,===1+local,~=1.2")]
    [InlineData("tomli>=1; python_version < '3.11' and (os_name == \"posix\")", "tomli>=1 ; python_version < '3.11' and (os_name == \"posix\")")]
    public void Requirement_has_one_spelling(string given, string expected)
    {
        Assert.True(PackageRequirement.TryParse(given, out PackageRequirement? requirement, out _));
        Assert.Equal(expected, requirement.Text);
        Assert.Equal([expected], PackageRequirement.Canonical([expected, given]));
    }

    [Theory]
    [InlineData("-r requirements.txt")]
    [InlineData("--index-url=https://elsewhere")]
    [InlineData("a --hash=sha256:0")]
    [InlineData("a -e b")]
    [InlineData("a ; x --option / y")]
    [InlineData("git+https://host/repo.git")]
    [InlineData("a @ https://host/a.whl")]
    [InlineData("file:a")]
    [InlineData("./folder")]
    [InlineData("../folder")]
    [InlineData("/folder")]
    [InlineData("~/folder")]
    [InlineData("folder/a")]
    [InlineData("folder\\a")]
    [InlineData(".")]
    [InlineData("a-1.0-py3-none-any.whl")]
    [InlineData("a.tar.gz")]
    [InlineData("A.ZIP")]
    [InlineData("a b")]
    [InlineData("a==")]
    [InlineData("a==1;")]
    [InlineData("a>1 2")]
    [InlineData("a[")]
    [InlineData("${HOME}")]
    [InlineData("a;`x`")]
    public void What_is_no_package_is_refused_with_what_would_be_one(string given)
    {
        ValidationFault fault = Assert.Single(TaskSpecValidator.Validate(
            new TaskSpec { Language = "python", Code = "", RuntimeEnv = new RuntimeEnv { Packages = ["fine", given] } }));

        Assert.Equal("runtime_env.packages[1]", fault.Field);
        Assert.StartsWith("must be", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Longest_text_of_gaps_is_read_at_once()
    {
        long started = Environment.TickCount64;

        Assert.False(PackageRequirement.TryParse("a" + new string(' ', 500) + "!", out _, out _));
        Assert.True(Environment.TickCount64 - started < 1000);
    }

    [Fact]
    public void Too_many_packages_are_one_fault() => Assert.Equal(
        "runtime_env.packages: must have at most 256 packages, has 257",
        Assert.Single(TaskSpecValidator.Validate(new TaskSpec { Language = "python", Code = "", RuntimeEnv = new RuntimeEnv { Packages = [.. Enumerable.Repeat("-", 257)] } })).ToString());

    [Fact]
    public void Order_spelling_and_repetition_make_no_other_set() =>
        Assert.Equal(PackageRequirement.Canonical(["b>=1", "A"]), PackageRequirement.Canonical(["a", "B >=1", "b>= 1"]));
}
