using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Executor.Configuration;
using Executor.Hosting.Runners;
using Executor.Silo.Hosting;
using YamlDotNet.RepresentationModel;

namespace Executor.Silo;

/// <summary>What is in <c>deploy/</c> fits the program.</summary>
public sealed partial class DeployTests
{
    private static readonly string[] Probes = ["/health", "/ready"];

    private static string[] Files { get; } = Directory.GetFiles(Path.Combine(Repository.Root, "deploy"), "*", SearchOption.AllDirectories);

    [Fact]
    public void Every_option_of_the_silo_exists()
    {
        string[] known = [.. new SiloCommand().Options.SelectMany(option => option.Aliases.Append(option.Name))];
        string[] used = [.. Files.SelectMany(OptionsIn).Distinct()];

        Assert.Contains("--address", used);
        Assert.DoesNotContain(used, option => !known.Contains(option));
    }

    [Fact]
    public void Every_variable_is_a_key_of_the_configuration()
    {
        string[] used = [.. Files.SelectMany(file => Variable().Matches(File.ReadAllText(file)).Select(match => match.Value)).Distinct()];

        Assert.Contains("EXECUTOR__STORAGE__POSTGRES", used);
        Dictionary<string, string> given = used.ToDictionary(name => name, name => name switch
        {
            _ when name.EndsWith("ADDRESS", StringComparison.Ordinal) => "10.0.0.1",
            _ when name.EndsWith("TRUST_NETWORK", StringComparison.Ordinal) => "true",
            _ => "text",
        });
        Assert.NotNull(ConfigurationLoader.Load(null, RunnerModules.Sections, given));
    }

    [Fact]
    public void Kubernetes_asks_the_right_ports_for_what_the_silo_answers()
    {
        YamlMappingNode container = Container();

        Dictionary<string, int> ports = Items(container, "ports").ToDictionary(port => Text(port["name"]), port => Number(port["containerPort"]));
        Assert.Equal(new ServerOptions().Port, ports["http"]);
        Assert.Equal(new ClusterNodeOptions().SiloPort, ports["silo"]);
        Assert.Equal(new ClusterNodeOptions().GatewayPort, ports["gateway"]);
        Assert.Equal("/ready", Text(container["readinessProbe"]["httpGet"]["path"]));
        foreach (string probe in (string[])["startupProbe", "livenessProbe", "readinessProbe"])
        {
            Assert.Contains(Text(container[probe]["httpGet"]["path"]), Probes);
            Assert.Equal("http", Text(container[probe]["httpGet"]["port"]));
        }
    }

    [Fact]
    public void Kubernetes_waits_until_a_silo_has_left()
    {
        YamlMappingNode container = Container();
        string[] arguments = [.. ((YamlSequenceNode)container["args"]).Select(Text)];
        int grace = int.Parse(arguments[Array.IndexOf(arguments, "--grace") + 1], CultureInfo.InvariantCulture);
        int pause = Number(((YamlSequenceNode)container["lifecycle"]["preStop"]["exec"]["command"])[1]);

        Assert.True(Number(Pod()["terminationGracePeriodSeconds"]) >= pause + grace + 30);
    }

    [Fact]
    public void Kubernetes_mounts_the_certificates_where_the_silo_looks_for_them()
    {
        YamlMappingNode container = Container();
        string mounted = Text(Items(container, "volumeMounts").Single(mount => Text(mount["name"]) == "tls")["mountPath"]);

        string[] files = [.. Items(container, "env").Where(variable => Text(variable["name"]).Contains("__TLS__", StringComparison.Ordinal)).Select(variable => Text(variable["value"]))];
        Assert.Equal(3, files.Length);
        Assert.All(files, file => Assert.StartsWith($"{mounted}/", file, StringComparison.Ordinal));
        Assert.Contains(Items(Pod(), "volumes"), volume => Text(volume["name"]) == "tls");
    }

    [Fact]
    public void Every_silo_has_tls_or_is_told_to_trust_its_network()
    {
        Dictionary<string, string> composed = ((YamlMappingNode)ComposedSilo()["environment"]).ToDictionary(pair => Text(pair.Key), pair => Text(pair.Value));
        Dictionary<string, string> podded = Items(Container(), "env")
            .Where(variable => ((YamlMappingNode)variable).Children.ContainsKey("value"))
            .ToDictionary(variable => Text(variable["name"]), variable => Text(variable["value"]));

        foreach (Dictionary<string, string> given in (Dictionary<string, string>[])[composed, podded])
        {
            given["EXECUTOR__CLUSTER__ADDRESS"] = "10.0.0.1";
            OpenPorts.Check(ConfigurationLoader.Load(null, RunnerModules.Sections, given).Cluster);
        }
    }

    [Fact]
    public void Compose_and_systemd_wait_until_a_silo_has_left()
    {
        string unit = File.ReadAllText(Path.Combine(Repository.Root, "deploy", "systemd", "executor-silo.service"));

        Assert.Equal("60s", Text(ComposedSilo()["stop_grace_period"]));
        int grace = int.Parse(Grace().Match(unit).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.True(int.Parse(StopTimeout().Match(unit).Groups[1].Value, CultureInfo.InvariantCulture) >= grace + 30);
    }

    [Fact]
    public void Compose_starts_three_silos_at_addresses_of_their_own()
    {
        YamlNode silo = ComposedSilo();

        Assert.Equal(3, Number(silo["scale"]));
        Assert.Contains("--address \"$$(hostname -i)\"", Text(silo["entrypoint"][2]), StringComparison.Ordinal);
        Assert.Contains("\"--data\", \"/var/lib/executor\", \"--host\", \"0.0.0.0\"", Dockerfile(), StringComparison.Ordinal);
        Assert.Contains("--data /var/lib/executor --host 0.0.0.0", Text(silo["entrypoint"][2]), StringComparison.Ordinal);
    }

    [Fact]
    public void Compose_and_Kubernetes_let_tasks_build_their_sandboxes_without_a_capability()
    {
        YamlNode silo = ComposedSilo();
        YamlNode container = Container()["securityContext"];

        Assert.Equal(
            ["no-new-privileges", "seccomp=seccomp.json", "apparmor=unconfined", "systempaths=unconfined"], ((YamlSequenceNode)silo["security_opt"]).Select(Text));
        Assert.Equal("ALL", Text(silo["cap_drop"][0]));
        Assert.Equal("false", Text(Pod()["hostUsers"]));
        Assert.Equal("Unmasked", Text(container["procMount"]));
        Assert.Equal("Unconfined", Text(container["seccompProfile"]["type"]));
        Assert.Equal("Unconfined", Text(container["appArmorProfile"]["type"]));
        Assert.Equal("ALL", Text(container["capabilities"]["drop"][0]));
    }

    [Fact]
    public void Seccomp_profile_leaves_what_the_agent_builds_sandboxes_with()
    {
        using var profile = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "deploy", "seccomp.json")));
        string[] refused = [.. profile.RootElement.GetProperty("syscalls")[0].GetProperty("names").EnumerateArray().Select(name => name.GetString()!)];

        Assert.Contains("bpf", refused);
        Assert.Empty(refused.Intersect(["clone", "clone3", "unshare", "setns", "mount", "umount2", "pivot_root", "mount_setattr", "prctl", "seccomp"]));
    }

    [Fact]
    public void Kubernetes_knows_the_image_s_user()
    {
        string user = User().Match(Dockerfile()).Groups[1].Value;

        Assert.Equal(user, Text(Pod()["securityContext"]["fsGroup"]));
        Assert.Contains($"useradd --uid {user} ", Dockerfile(), StringComparison.Ordinal);
    }

    /// <summary>Options in what is given to the silo: not those of apt-get and its like.</summary>
    private static IEnumerable<string> OptionsIn(string file) => File.ReadLines(file)
        .Where(line => line.Contains("executor-silo.dll", StringComparison.Ordinal) || line.Contains("args:", StringComparison.Ordinal)
            || line.Contains("command: [--", StringComparison.Ordinal) || line.Contains("SILO_OPTIONS=", StringComparison.Ordinal))
        .SelectMany(line => Option().Matches(line).Select(match => match.Value));

    private static YamlNode ComposedSilo() => Yaml("compose.yaml")[0]["services"]["silo"];

    private static string Dockerfile() => File.ReadAllText(Path.Combine(Repository.Root, "deploy", "Dockerfile"));

    private static YamlNode Pod() => Yaml("kubernetes/executor.yaml").Single(document => Text(document["kind"]) == "Deployment")["spec"]["template"]["spec"];

    private static YamlMappingNode Container() => (YamlMappingNode)Items(Pod(), "containers").Single();

    private static IEnumerable<YamlNode> Items(YamlNode node, string key) => (YamlSequenceNode)node[key];

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value ?? "";

    private static int Number(YamlNode node) => int.Parse(Text(node), CultureInfo.InvariantCulture);

    private static List<YamlNode> Yaml(string file)
    {
        using StreamReader reader = new(Path.Combine(Repository.Root, "deploy", file));
        YamlStream stream = [];
        stream.Load(reader);
        return [.. stream.Documents.Select(document => document.RootNode)];
    }

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z-]*")]
    private static partial Regex Option();

    [GeneratedRegex(@"EXECUTOR__\w+")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^USER (\d+)$", RegexOptions.Multiline)]
    private static partial Regex User();

    [GeneratedRegex(@"--grace (\d+)")]
    private static partial Regex Grace();

    [GeneratedRegex(@"TimeoutStopSec=(\d+)")]
    private static partial Regex StopTimeout();
}
