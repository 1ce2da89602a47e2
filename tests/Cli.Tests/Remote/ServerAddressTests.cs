using Executor.Hosting;

namespace Executor.Cli.Remote;

public sealed class ServerAddressTests
{
    [Theory]
    [InlineData("http://host:5000", "http://host:5000/")]
    [InlineData("host:5000", "http://host:5000/")]
    [InlineData("https://host/executor", "https://host/executor/")]
    [InlineData("[::1]:5000", "http://[::1]:5000/")]
    public void Address_is_read_as_people_write_it(string given, string url) =>
        Assert.Equal(url, ServerAddress.Resolve(given, null).Url.AbsoluteUri);

    [Theory]
    [InlineData("")]
    [InlineData("ftp://host")]
    [InlineData("http://")]
    [InlineData("http://user:secret@host")]
    [InlineData("http://host/?x=1")]
    [InlineData("two words")]
    public void Address_that_is_none_is_refused_by_option(string given) =>
        Assert.StartsWith("--server: must be the address of a server such as http://", Assert.Throws<UsageException>(() => ServerAddress.Resolve(given, null)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("schlüssel")]
    [InlineData("line\nbreak")]
    public void Key_that_no_header_can_carry_is_refused_without_being_shown(string key)
    {
        string message = Assert.Throws<UsageException>(() => ServerAddress.Resolve("host", key)).Message;
        Assert.Equal("--api-key: must be a key of printable ASCII characters without spaces", message);
    }
}
