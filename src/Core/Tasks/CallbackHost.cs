using System.Globalization;

namespace Executor.Tasks;

/// <summary>
/// Where results may be posted: an entry of <c>server.callback_hosts</c>. A host alone stands for the default port of http and https, <c>host:port</c> for that port,
/// <c>host:*</c> for any; <c>*</c> is any host at any port. Letter case, a dot at the end and the form of an international name don't count.
/// </summary>
public sealed class CallbackHost
{
    /// <summary>What must hold of an entry, in words.</summary>
    public const string Rule = "host, host:port or host:* (an IPv6 address in brackets), or * for any";

    private const string Any = "*";
    private const int DefaultPort = 0;
    private const int AnyPort = -1;

    private readonly string _text;
    private readonly string? _name;
    private readonly int _port;

    private CallbackHost(string text, string? name, int port) => (_text, _name, _port) = (text, name, port);

    /// <summary>Reads an entry; null: it is none (<see cref="Rule"/>).</summary>
    public static CallbackHost? TryParse(string text)
    {
        int colon = text.LastIndexOf(':');
        bool isPortGiven = colon > text.LastIndexOf(']');
        string host = isPortGiven ? text[..colon] : text;
        int? port = !isPortGiven ? (host == Any ? AnyPort : DefaultPort)
            : text[(colon + 1)..] is Any ? AnyPort
            : int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and <= 65_535 ? number
            : null;
        string? name = host == Any ? null : NameOf(host);
        return port is null || (host != Any && name is null) ? null : new CallbackHost(text, name, port.Value);
    }

    /// <summary>The narrowest entry that allows an address.</summary>
    /// <param name="address">An absolute http or https address.</param>
    public static string EntryFor(Uri address) => NameOf(address) switch
    {
        null => Any,
        string name => $"{(address.HostNameType == UriHostNameType.IPv6 ? $"[{name}]" : name)}{(address.IsDefaultPort ? "" : string.Create(CultureInfo.InvariantCulture, $":{address.Port}"))}",
    };

    /// <summary>Whether results may be posted to an address.</summary>
    /// <param name="address">An absolute http or https address.</param>
    public bool Allows(Uri address) => (_name is null || _name.Equals(NameOf(address), StringComparison.OrdinalIgnoreCase)) && _port switch
    {
        AnyPort => true,
        DefaultPort => address.IsDefaultPort,
        _ => _port == address.Port,
    };

    /// <summary>As it was written.</summary>
    public override string ToString() => _text;

    // An IPv6 address without brackets would lose its end to the port.
    private static string? NameOf(string host) =>
        (host.StartsWith('[') || !host.Contains(':'))
        && Uri.TryCreate($"http://{host}/", UriKind.Absolute, out Uri? address)
        && address is { UserInfo: "", PathAndQuery: "/", Fragment: "" }
            ? NameOf(address)
            : null;

    private static string? NameOf(Uri address)
    {
        if (address.HostNameType is not (UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6))
        {
            return null;
        }

        try
        {
            return address.IdnHost.TrimEnd('.');
        }
        catch (UriFormatException)
        {
            // A name that can't be one of the network's.
            return null;
        }
    }
}
