using System.CommandLine;
using Executor.Executors;
using Executor.Hosting.Working;
using Executor.Text;

namespace Executor.Hosting.Commands;

/// <summary><c>executor worker</c>: an executor that takes its tasks from a server.</summary>
internal sealed class WorkerCommand : Command, IHaveExamples
{
    private readonly Option<string?> _connect = CommonOptions.Text("--connect", "URL", "The server: http://host:5000, or the whole ws:// or wss:// address.");
    private readonly Option<string?> _id = CommonOptions.Text("--id", "ID", "Its executor_id; another one of the same id takes its place. Default: the host's name and the process id.");
    private readonly Option<string?> _maxTasks = CommonOptions.Text("--max-tasks", "N", "Tasks at once, 1 to 1,000,000. Default 1.");
    private readonly Option<string[]> _capabilities = CommonOptions.Several("--capability", "C", "Something that tasks can ask for.");
    private readonly Option<string?> _python = CommonOptions.Text("--python", "PATH", "The interpreter of Python tasks: that of a virtual environment, say.");
    private readonly Option<string?> _cpus = CommonOptions.Text("--cpus", "N", "CPU cores that tasks share. Default: not counted.");
    private readonly Option<string?> _memory = CommonOptions.Text("--memory-mb", "MB", "Memory that tasks share. Default: not counted.");
    private readonly Option<string[]> _gpus = CommonOptions.Several("--gpu", "N", "The number of a GPU device.");
    private readonly Option<string?> _apiKey = CommonOptions.Text("--api-key", "K", $"The server's API key; better given by ${WorkerRequest.ApiKeyVariable}, which other users of the machine can't see.");
    private readonly Option<string?> _host = CommonOptions.Text("--host", "HOST", "The host it says it is on. Default: this one's name.");
    private readonly Option<string?> _port = CommonOptions.Text("--port", "PORT", "The port it says it listens on. Default 0: none.");
    private readonly Option<bool> _supervised = CommonOptions.Flag("--supervised", "End when standard input does, and drain on a line that says drain.");
    private readonly Option<string?> _config = CommonOptions.Config();

    public WorkerCommand()
        : base("worker", "Run tasks for a server. Ctrl-C or SIGTERM: finish what runs and leave; again: leave at once.")
    {
        this.AddAll(
            _connect, _id, _maxTasks, _capabilities, _python, _cpus, _memory, _gpus, _apiKey, _host, _port, _supervised, _config);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Examples => """
          executor worker --connect http://localhost:5000 --max-tasks 4
          executor worker --connect wss://tasks.example/executors/connect --python /venvs/torch2/bin/python --capability torch2

        Exit code: 0 it left in good order, 1 another one took its place, 2 it can't be what it was asked to be.
        """;

    private int Run(ParseResult parsed)
    {
        string connect = parsed.GetValue(_connect) ?? throw new UsageException("--connect: is missing; it is the server's address, like http://localhost:5000");
        string? apiKey = parsed.GetValue(_apiKey) ?? Environment.GetEnvironmentVariable(WorkerRequest.ApiKeyVariable);
        WorkerRequest request = new()
        {
            Address = ConnectAddress.Parse(connect),
            ApiKey = string.IsNullOrEmpty(apiKey) ? null : new Secret(apiKey),
            Registration = new ExecutorRegistration
            {
                ExecutorId = parsed.GetValue(_id) ?? $"{Environment.MachineName}-{Environment.ProcessId}",
                Host = parsed.GetValue(_host) ?? Environment.MachineName,
                Port = parsed.Whole(_port) ?? 0,
                MaxTasks = parsed.Whole(_maxTasks) ?? 1,
                Capabilities = parsed.GetValue(_capabilities),
                Cpus = parsed.Number(_cpus),
                MemoryMb = parsed.Whole(_memory),
                GpuDevices = parsed.Wholes(_gpus),
            },
            Python = parsed.GetValue(_python),
            ConfigPath = parsed.GetValue(_config),
            IsSupervised = parsed.GetValue(_supervised),
        };
        return WorkerProgram.ExecuteAsync(request).GetAwaiter().GetResult();
    }
}
