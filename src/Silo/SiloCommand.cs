using System.CommandLine;
using System.Net;
using Executor.Configuration;
using Executor.Hosting;
using Executor.Hosting.Commands;
using Executor.Silo.Hosting;

namespace Executor.Silo;

/// <summary><c>executor silo</c>: a node of a cluster, with the HTTP API and executors of its own.</summary>
internal sealed class SiloCommand : RootCommand
{
    private readonly Option<string?> _host = CommonOptions.Text("--host", "ADDRESS", "Address of the HTTP API. Default: server.host, else 127.0.0.1.");
    private readonly Option<string?> _port = CommonOptions.Text("--port", "N", "Port of the HTTP API; 0 takes any free one. Default: server.port, else 5000.");
    private readonly Option<string?> _address = CommonOptions.Text("--address", "IP", "Address at which the other silos reach this one. Default: cluster.address, else 127.0.0.1.");
    private readonly Option<string?> _siloPort = CommonOptions.Text("--silo-port", "N", "Port for the other silos. Default: cluster.silo_port, else 11111.");
    private readonly Option<string?> _gatewayPort = CommonOptions.Text("--gateway-port", "N", "Port for clients that call the grains. Default: cluster.gateway_port, else 30000.");
    private readonly Option<string?> _cluster = CommonOptions.Text("--cluster", "NAME", "Silos of one name on one database are one cluster. Default: cluster.name, else executor.");
    private readonly Option<string?> _queue = CommonOptions.Text("--queue", "NAME", "The queue it takes tasks for and runs tasks of: each has a scheduler of its own. Default: cluster.queue, else default.");
    private readonly Option<string?> _postgres = CommonOptions.Text("--postgres", "CONN", "The cluster's PostgreSQL database. Default: storage.postgres; without it the silo is a cluster of its own, on SQLite.");
    private readonly Option<string?> _data = CommonOptions.Text("--data", "DIR", "Where files are kept, and without PostgreSQL the tasks. Default: executor-silo in the user's data folder.");
    private readonly Option<string?> _maxTasks = CommonOptions.Text("--max-tasks", "N", "Tasks at once in this process; 0 leaves all to other executors. Default: the machine's cores.");
    private readonly Option<string[]> _capabilities = CommonOptions.Several("--capability", "NAME", "Something this machine has, for tasks that ask for it.");
    private readonly Option<string?> _grace = CommonOptions.Text("--grace", "S", "How long running tasks may take to finish when the silo is asked to end, in seconds. Default 30.");
    private readonly Option<string?> _config = CommonOptions.Config();

    public SiloCommand()
        : base("Be a node of a cluster: take tasks, keep them, run them here, on the other silos and on executors that connect.")
    {
        this.AddAll(_host, _port, _address, _siloPort, _gatewayPort, _cluster, _queue, _postgres, _data, _maxTasks, _capabilities, _grace, _config);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        SiloRequest request = new()
        {
            Host = parsed.GetValue(_host),
            Port = parsed.Whole(_port, 0, 65_535),
            Address = Address(parsed),
            SiloPort = parsed.Whole(_siloPort, 1, 65_535),
            GatewayPort = parsed.Whole(_gatewayPort, 1, 65_535),
            Cluster = parsed.GetValue(_cluster),
            Queue = Queue(parsed),
            Postgres = parsed.GetValue(_postgres),
            DataFolder = parsed.GetValue(_data) ?? DefaultDataFolder,
            MaxTasks = parsed.Whole(_maxTasks, 0, 1_000) ?? Environment.ProcessorCount,
            Capabilities = parsed.GetValue(_capabilities) ?? [],
            Grace = parsed.Grace(_grace) ?? TimeSpan.FromSeconds(30),
            ConfigPath = parsed.GetValue(_config),
        };
        return SiloProgram.RunAsync(request).GetAwaiter().GetResult();
    }

    private static string DefaultDataFolder => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "executor-silo");

    private string? Queue(ParseResult parsed) => parsed.GetValue(_queue) switch
    {
        null => null,
        string name when ClusterNodeOptions.IsQueueName(name) => name,
        string name => throw new UsageException($"--queue: must be {ClusterNodeOptions.QueueRule}, was '{name}'"),
    };

    private IPAddress? Address(ParseResult parsed) => parsed.GetValue(_address) switch
    {
        null => null,
        string text when IPAddress.TryParse(text, out IPAddress? address) => address,
        string text => throw new UsageException($"--address: must be an IP address, was '{text}'"),
    };
}
