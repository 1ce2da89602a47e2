namespace Executor.Tasks;

public sealed class CallbackHostTests
{
    [Theory]
    // A host alone: the default port of the scheme.
    [InlineData("hook.example", "http://hook.example/x", true)]
    [InlineData("hook.example", "http://hook.example:80/x", true)]
    [InlineData("hook.example", "https://hook.example/x", true)]
    [InlineData("hook.example", "https://hook.example:443/x?y#z", true)]
    [InlineData("hook.example", "http://hook.example:443/x", false)]
    [InlineData("hook.example", "https://hook.example:80/x", false)]
    [InlineData("hook.example", "http://hook.example:8080/x", false)]
    [InlineData("hook.example", "http://other.example/x", false)]
    [InlineData("hook.example", "http://a.hook.example/x", false)]
    [InlineData("hook.example", "http://hook.example@other.example/x", false)]
    [InlineData("hook.example", "http://user:word@hook.example/x", true)]
    [InlineData("my_service", "http://my_service/x", true)]
    // A port: that one, whatever the scheme.
    [InlineData("hook.example:8080", "http://hook.example:8080/x", true)]
    [InlineData("hook.example:8080", "https://hook.example:8080/x", true)]
    [InlineData("hook.example:8080", "http://hook.example/x", false)]
    [InlineData("hook.example:8080", "http://hook.example:8081/x", false)]
    [InlineData("hook.example:080", "http://hook.example/x", true)]
    [InlineData("hook.example:443", "https://hook.example/x", true)]
    [InlineData("hook.example:443", "http://hook.example/x", false)]
    [InlineData("hook.example:443", "http://hook.example:443/x", true)]
    // Any port, any host.
    [InlineData("hook.example:*", "http://hook.example:1/x", true)]
    [InlineData("hook.example:*", "https://hook.example/x", true)]
    [InlineData("hook.example:*", "http://other.example:1/x", false)]
    [InlineData("*", "http://other.example:1/x", true)]
    [InlineData("*:*", "http://[::1]:1/x", true)]
    [InlineData("*:8443", "https://other.example:8443/x", true)]
    [InlineData("*:8443", "https://other.example/x", false)]
    // Letter case, dots, and international names in either form.
    [InlineData("Hook.EXAMPLE:81", "HTTP://hOOK.example:81/x", true)]
    [InlineData("hook.example", "http://hook.example./x", true)]
    [InlineData("hook.example.:81", "http://hook.example:81/x", true)]
    [InlineData("bücher.example", "http://xn--bcher-kva.example/x", true)]
    [InlineData("xn--bcher-kva.example", "http://BÜCHER.example/x", true)]
    [InlineData("bucher.example", "http://bücher.example/x", false)]
    // Addresses, however they are spelt.
    [InlineData("127.0.0.1", "http://127.1/x", true)]
    [InlineData("127.0.0.1", "http://0x7f000001/x", true)]
    [InlineData("127.0.0.1", "http://2130706433/x", true)]
    [InlineData("127.0.0.1", "http://127.0.0.1:5000/x", false)]
    [InlineData("127.0.0.1", "http://[::ffff:127.0.0.1]/x", false)]
    [InlineData("127.0.0.1", "http://localhost/x", false)]
    [InlineData("[::1]", "http://[0:0:0:0:0:0:0:1]/x", true)]
    [InlineData("[::1]", "http://[::1]:81/x", false)]
    [InlineData("[0::1]:81", "http://[::1]:81/x", true)]
    [InlineData("[::1]:*", "http://[::1]:81/x", true)]
    [InlineData("[FD00::A]", "http://[fd00::a]/x", true)]
    [InlineData("[fe80::1%25eth0]", "http://[fe80::1%25eth1]/x", false)]
    public void Entry_allows_its_host_at_its_ports(string entry, string url, bool allowed) =>
        Assert.Equal(allowed, CallbackHost.TryParse(entry)!.Allows(new Uri(url)));

    [Theory]
    [InlineData("")]
    [InlineData(":80")]
    [InlineData("hook.example:")]
    [InlineData("hook.example:0")]
    [InlineData("hook.example:65536")]
    [InlineData("hook.example:-1")]
    [InlineData("hook.example:+80")]
    [InlineData("hook.example: 80")]
    [InlineData("hook.example:http")]
    [InlineData("hook.example:80:81")]
    [InlineData("http://hook.example")]
    [InlineData("http://hook.example:80")]
    [InlineData("hook.example/x")]
    [InlineData("hook.example\\x")]
    [InlineData("hook.example?x")]
    [InlineData("hook.example#x")]
    [InlineData("user@hook.example")]
    [InlineData("hook example")]
    [InlineData("*.example")]
    [InlineData("::1")]
    [InlineData("fd00::1")]
    [InlineData("[::1")]
    [InlineData("::1]:80")]
    [InlineData("[hook.example]")]
    [InlineData("[::1]x:80")]
    public void What_names_no_host_and_port_is_no_entry(string entry) => Assert.Null(CallbackHost.TryParse(entry));

    [Theory]
    [InlineData("http://Hook.example:80/x", "hook.example")]
    [InlineData("https://hook.example:8443/x", "hook.example:8443")]
    [InlineData("https://hook.example:80/x", "hook.example:80")]
    [InlineData("http://bücher.example./x", "xn--bcher-kva.example")]
    [InlineData("http://[0::1]:81/x", "[::1]:81")]
    [InlineData("http://[fe80::1%25eth0]/x", "[fe80::1%25eth0]")]
    public void Entry_for_an_address_allows_it_and_says_no_more(string url, string entry)
    {
        Assert.Equal(entry, CallbackHost.EntryFor(new Uri(url)));
        Assert.True(CallbackHost.TryParse(entry)!.Allows(new Uri(url)));
    }

    [Theory]
    [InlineData("http://xn--a/x")]
    [InlineData("http://xn--bcher-kva-/x")]
    [InlineData("http://a\u2024b/x")]
    [InlineData("http://\u00ad/x")]
    [InlineData("http://üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü/x")]
    public void Address_with_an_odd_name_is_told_and_not_allowed(string url)
    {
        if (Uri.TryCreate(url, UriKind.Absolute, out Uri? address))
        {
            Assert.NotEmpty(CallbackHost.EntryFor(address));
            Assert.False(CallbackHost.TryParse("hook.example:*")!.Allows(address));
        }
    }
}
