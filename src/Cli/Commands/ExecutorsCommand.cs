using System.CommandLine;
using System.Globalization;
using Executor.Cli.Options;
using Executor.Cli.Remote;
using Executor.Hosting;
using Executor.Hosting.Commands;
using Executor.Http.Wire;

namespace Executor.Cli.Commands;

/// <summary><c>executor executors</c>: the executors that are registered at a server.</summary>
internal sealed class ExecutorsCommand : Command, IHaveExamples
{
    private readonly RemoteOptions _remote = new();
    private readonly Option<bool> _json = CommonOptions.Json("Print a JSON object a line.");

    public ExecutorsCommand()
        : base("executors", "List the executors that are registered at a server; drain one.")
    {
        Add(new DrainCommand());
        _remote.AddTo(this);
        Add(_json);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Examples => """
          executor executors
          executor executors drain gpu-1        give it nothing more; what it runs goes on
        """;

    private int Run(ParseResult parsed) => _remote.Run(parsed, RequestTimeouts.Brief, async (client, interruption) =>
    {
        ExecutorList list = await client.ListExecutorsAsync(interruption.Token);
        if (!parsed.GetValue(_json))
        {
            TextTable table = new("EXECUTOR", "STATUS", "ADDRESS", "RUNNING", "LOAD", "RUNNERS", "CAPABILITIES", "LAST SEEN");
            OutputChannel.Stdout.WriteLines(table.Lines([.. list.Executors.Select(Row)]));
            return ExitCodes.Success;
        }

        foreach (ExecutorDetail executor in list.Executors)
        {
            Shown.WriteJson(executor, ApiJson.Wire.ExecutorDetail);
        }

        return ExitCodes.Success;
    });

    private static string[] Row(ExecutorDetail executor) =>
    [
        executor.ExecutorId,
        executor.State,
        executor.Port > 0 ? string.Create(CultureInfo.InvariantCulture, $"{executor.Host}:{executor.Port}") : executor.Host,
        string.Create(CultureInfo.InvariantCulture, $"{executor.Running}/{executor.MaxTasks}"),
        executor.Load.ToString("0%", CultureInfo.InvariantCulture),
        string.Join(",", executor.Runners.Select(runner => runner.ToString().ToLowerInvariant())),
        executor.Capabilities.Count > 0 ? string.Join(",", executor.Capabilities) : "-",
        Shown.Time(executor.LastSeenTimeMs),
    ];

    private sealed class DrainCommand : Command
    {
        private readonly Argument<string> _id = new("ID") { Description = "The executor." };
        private readonly RemoteOptions _remote = new();

        public DrainCommand()
            : base("drain", "Give an executor nothing more; what it runs goes on.")
        {
            Add(_id);
            _remote.AddTo(this);
            SetAction(Run);
        }

        private int Run(ParseResult parsed) => _remote.Run(parsed, RequestTimeouts.Brief, async (client, interruption) =>
        {
            ExecutorDetail executor = await client.DrainExecutorAsync(parsed.GetRequiredValue(_id), interruption.Token);
            OutputChannel.Stdout.WriteLines([$"{executor.ExecutorId}  {executor.State}, {executor.Running} running"]);
            return ExitCodes.Success;
        });
    }
}
