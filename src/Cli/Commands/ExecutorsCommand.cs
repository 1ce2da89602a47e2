using System.CommandLine;
using System.Globalization;
using Executor.Cli.Options;
using Executor.Cli.Remote;
using Executor.Executors;
using Executor.Hosting;
using Executor.Hosting.Commands;
using Executor.Http;
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

    private int Run(ParseResult parsed) => _remote.Run(parsed, HttpTimeLimits.Brief, async (service, interruption) =>
    {
        IEnumerable<ExecutorDetail> list = (await service.Executors.ListExecutorsAsync(interruption.Token)).Select(ExecutorDetail.Of);
        if (!parsed.GetValue(_json))
        {
            TextTable table = new("EXECUTOR", "STATUS", "ADDRESS", "RUNNING", "LOAD", "RUNNERS", "CAPABILITIES", "LAST SEEN");
            OutputChannel.Stdout.WriteLines(table.Lines([.. list.Select(Row)]));
            return ExitCodes.Success;
        }

        foreach (ExecutorDetail executor in list)
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
        Shown.Time(DateTimeOffset.FromUnixTimeMilliseconds(executor.LastSeenTimeMs)),
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

        private int Run(ParseResult parsed) => _remote.Run(parsed, HttpTimeLimits.Brief, async (service, interruption) =>
        {
            string id = parsed.GetRequiredValue(_id);
            if (!await service.Executors.DrainExecutorAsync(id, interruption.Token))
            {
                throw ServerFault.NotFound("executor", id);
            }

            // One that ran nothing may have left at once.
            ExecutorInfo? drained = (await service.Executors.ListExecutorsAsync(interruption.Token)).FirstOrDefault(executor => executor.Registration.ExecutorId == id);
            ExecutorStatus status = drained?.Status ?? ExecutorStatus.Draining;
            OutputChannel.Stdout.WriteLines([$"{id}  {status.ToString().ToLowerInvariant()}, {drained?.Running ?? 0} running"]);
            return ExitCodes.Success;
        });
    }
}
