using System.Diagnostics;
using System.Globalization;

namespace Executor.Silo.Network;

/// <summary>
/// A network in this machine: a switch, on it this process with the database and a place for each silo, which can be unplugged. What is sent
/// to an unplugged place is lost without a word. The silos' HTTP APIs are reached by a way of their own, as by clients near them.
/// </summary>
internal sealed class SplittableNetwork : IAsyncDisposable
{
    private static readonly Lazy<string?> Refusal = new(Try);

    // Tests that run at the same time on this machine have others.
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"exe{Environment.ProcessId % 100_000}");
    private readonly string _subnet = string.Create(CultureInfo.InvariantCulture, $"198.18.{Environment.ProcessId % 250}");
    private readonly string _apiSubnet = string.Create(CultureInfo.InvariantCulture, $"198.19.{Environment.ProcessId % 250}");
    private readonly List<SiloPlace> _places = [];

    private SplittableNetwork()
    {
    }

    /// <summary>Why tests that need it are skipped; null: they are not.</summary>
    public static string? WhyNot => Refusal.Value;

    /// <summary>This process's address, for the database.</summary>
    public string DatabaseAddress => $"{_subnet}.1";

    private string Switch => $"{_name}-switch";

    public static async Task<SplittableNetwork> CreateAsync()
    {
        SplittableNetwork network = new();
        string link = $"{network._name}db";
        await IpAsync($"netns add {network.Switch}");
        // Without delay: else a port learns for 15 s before it forwards.
        await IpAsync($"-n {network.Switch} link add br0 type bridge forward_delay 0");
        await IpAsync($"-n {network.Switch} link set br0 up");
        await IpAsync($"link add {link} type veth peer name db netns {network.Switch}");
        await IpAsync($"addr add {network.DatabaseAddress}/24 dev {link}");
        await IpAsync($"link set {link} up");
        await IpAsync($"-n {network.Switch} link set db master br0 up");
        return network;
    }

    /// <summary>Makes a place for a silo, plugged in.</summary>
    public async Task<SiloPlace> AddAsync()
    {
        int number = _places.Count + 1;
        string space = string.Create(CultureInfo.InvariantCulture, $"{_name}-{number}");
        string port = PortOf(number);
        string api = string.Create(CultureInfo.InvariantCulture, $"{_name}a{number}");
        SiloPlace place = new(
            space,
            string.Create(CultureInfo.InvariantCulture, $"{_subnet}.{10 + number}"),
            string.Create(CultureInfo.InvariantCulture, $"{_apiSubnet}.{(4 * number) + 2}"));
        await IpAsync($"netns add {space}");
        _places.Add(place);
        await IpAsync($"-n {space} link set lo up");
        await IpAsync($"-n {Switch} link add {port} type veth peer name eth0 netns {space}");
        await IpAsync($"-n {Switch} link set {port} master br0 up");
        await IpAsync($"-n {space} addr add {place.Address}/24 dev eth0");
        await IpAsync($"-n {space} link set eth0 up");
        await IpAsync($"link add {api} type veth peer name eth1 netns {space}");
        await IpAsync(string.Create(CultureInfo.InvariantCulture, $"addr add {_apiSubnet}.{(4 * number) + 1}/30 dev {api}"));
        await IpAsync($"link set {api} up");
        await IpAsync($"-n {space} addr add {place.ApiAddress}/30 dev eth1");
        await IpAsync($"-n {space} link set eth1 up");
        return place;
    }

    /// <summary>Cuts a place off from the other silos and the database.</summary>
    public Task UnplugAsync(SiloPlace place) => IpAsync($"-n {Switch} link set {PortOf(place)} nomaster");

    /// <summary>Cuts a place off from the database alone.</summary>
    public Task HideDatabaseAsync(SiloPlace place) => IpAsync($"-n {place.Namespace} route add blackhole {DatabaseAddress}/32");

    /// <summary>Ends that.</summary>
    public Task ShowDatabaseAsync(SiloPlace place) => IpAsync($"-n {place.Namespace} route del blackhole {DatabaseAddress}/32");

    /// <summary>Joins an unplugged place to the others again.</summary>
    public Task PlugInAsync(SiloPlace place) => IpAsync($"-n {Switch} link set {PortOf(place)} master br0");

    public async ValueTask DisposeAsync()
    {
        // A pair of links goes with one of its ends; here, not when the kernel gets round to it, for the next network has the same names.
        for (int number = 1; number <= _places.Count; number++)
        {
            await IpAsync(string.Create(CultureInfo.InvariantCulture, $"link del {_name}a{number}"));
            await IpAsync($"netns del {_places[number - 1].Namespace}");
        }

        await IpAsync($"link del {_name}db");
        await IpAsync($"netns del {Switch}");
    }

    private string PortOf(SiloPlace place) => PortOf(_places.IndexOf(place) + 1);

    private static string PortOf(int number) => string.Create(CultureInfo.InvariantCulture, $"silo{number}");

    private static string? Try()
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"exe{Environment.ProcessId}-try");
        try
        {
            return Ip($"netns add {name}") ?? Ip($"netns del {name}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "The program ip is not installed (install the package iproute2).";
        }
    }

    private static async Task IpAsync(string arguments) => Assert.Null(await Task.Run(() => Ip(arguments)));

    /// <returns>What it refused; null: nothing.</returns>
    private static string? Ip(string arguments)
    {
        using Process ip = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        string said = ip.StandardError.ReadToEnd();
        ip.WaitForExit();
        return ip.ExitCode == 0 ? null : $"ip {arguments}: {said.Trim()}";
    }
}
