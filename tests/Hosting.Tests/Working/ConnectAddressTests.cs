using Executor.Hosting;

namespace Executor.Hosting.Working;

public sealed class ConnectAddressTests
{
    [Theory]
    [InlineData("http://host:5000", "ws://host:5000/executors/connect")]
    [InlineData("https://tasks.example/", "wss://tasks.example/executors/connect")]
    [InlineData("ws://host:5000/executors/connect", "ws://host:5000/executors/connect")]
    [InlineData("wss://host/behind/a/proxy", "wss://host/behind/a/proxy")]
    [InlineData("http://[::1]:5000", "ws://[::1]:5000/executors/connect")]
    public void Address_is_completed(string given, string address) => Assert.Equal(address, ConnectAddress.Parse(given).ToString());

    [Theory]
    [InlineData("localhost:5000")]
    [InlineData("ftp://host")]
    [InlineData("")]
    [InlineData("/executors/connect")]
    public void Address_that_is_none_is_refused(string given) =>
        Assert.Contains("--connect: must be the server's address", Assert.Throws<UsageException>(() => ConnectAddress.Parse(given)).Message, StringComparison.Ordinal);
}
