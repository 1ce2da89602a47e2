using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Executor.Cli.Options;
using Executor.Cli.Remote;
using Executor.Cli.Running;
using Executor.Hosting;
using Executor.Hosting.Commands;
using Executor.Http;
using Executor.Jobs;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Cli.Commands;

/// <summary><c>executor jobs</c>: long operations at a server.</summary>
internal sealed class JobsCommand : Command, IHaveExamples
{
    private const int DefaultLimit = 50;

    private readonly Argument<string?> _id = new("ID") { Description = "The job to show. Default: a list of the newest.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _limit = CommonOptions.Text("--limit", "N", "How many to list. Default 50.");
    private readonly RemoteOptions _remote = new();
    private readonly Option<bool> _json = CommonOptions.Json("Print a JSON object a line.");

    public JobsCommand()
        : base("jobs", "List the long operations of a server and their progress; start one, cancel one, read its log.")
    {
        Add(new JobStartCommand());
        Add(new JobCancelCommand());
        Add(new JobLogCommand());
        Add(_id);
        Add(_limit);
        _remote.AddTo(this);
        Add(_json);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Examples => """
          executor jobs
          executor jobs start docker_image.download --params '{"image": "python:3.13"}' --follow
          executor jobs log 0199… -f
          executor jobs cancel 0199…
        """;

    private int Run(ParseResult parsed) => _remote.Run(parsed, HttpTimeLimits.Brief, async (service, interruption) =>
    {
        if (parsed.GetValue(_id) is string id)
        {
            JobReport.Show(await FindAsync(service.Jobs, id, interruption.Token), parsed.GetValue(_json));
            return ExitCodes.Success;
        }

        IReadOnlyList<JobRecord> list = await service.Jobs.ListAsync(parsed.Whole(_limit, 1, StoreLimits.MaxPage) ?? DefaultLimit, interruption.Token);
        if (!parsed.GetValue(_json))
        {
            TextTable table = new("JOB", "TYPE", "STATUS", "PROGRESS", "CREATED", "DURATION");
            OutputChannel.Stdout.WriteLines(table.Lines([.. list.Select(Row)]));
            return ExitCodes.Success;
        }

        foreach (JobRecord job in list)
        {
            JobReport.Show(job, json: true);
        }

        return ExitCodes.Success;
    });

    private static async Task<JobRecord> FindAsync(IJobService jobs, string id, CancellationToken cancellationToken) =>
        await jobs.GetAsync(id, cancellationToken) ?? throw ServerFault.NotFound("job", id);

    private static string[] Row(JobRecord job) =>
    [
        job.JobId,
        job.Type,
        Shown.Status(job.Status),
        job.Progress.ToString("0%", CultureInfo.InvariantCulture),
        Shown.Time(job.CreatedAt),
        Shown.Duration(job.StartedAt, job.EndedAt),
    ];

    private sealed class JobStartCommand : Command
    {
        private readonly Argument<string> _type = new("TYPE") { Description = "What to do." };
        private readonly Option<string?> _params = CommonOptions.Text("--params", "JSON", "With what: a JSON object, or @FILE that holds one.");
        private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Print its log until it ends; exit code 1 if it did not complete." };
        private readonly RemoteOptions _remote = new();
        private readonly Option<bool> _json = CommonOptions.Json("Print the job as one JSON object.");

        public JobStartCommand()
            : base("start", "Begin a job, or join one of the same type and params that has not ended; print its id.")
        {
            Add(_type);
            this.AddAll(_params, _follow);
            _remote.AddTo(this);
            Add(_json);
            SetAction(Run);
        }

        private int Run(ParseResult parsed)
        {
            JsonElement? parameters = RunTask.ParseParams(parsed.GetValue(_params));
            return _remote.Run(parsed, parsed.GetValue(_follow) ? HttpTimeLimits.Lasting : HttpTimeLimits.Brief, async (service, interruption) =>
            {
                JobRecord job = await service.Jobs.StartAsync(parsed.GetRequiredValue(_type), parameters, interruption.Token);
                if (parsed.GetValue(_follow))
                {
                    return await JobReport.FollowAsync(service.Jobs, job.JobId, parsed.GetValue(_json) ? OutputChannel.Stderr : OutputChannel.Stdout, parsed.GetValue(_json), interruption.Token);
                }

                if (parsed.GetValue(_json))
                {
                    JobReport.Show(job, json: true);
                }
                else
                {
                    OutputChannel.Stdout.WriteLines([job.JobId]);
                }

                return ExitCodes.Success;
            });
        }
    }

    private sealed class JobCancelCommand : Command
    {
        private readonly Argument<string> _id = new("ID") { Description = "The job." };
        private readonly RemoteOptions _remote = new();

        public JobCancelCommand()
            : base("cancel", "End a job.")
        {
            Add(_id);
            _remote.AddTo(this);
            SetAction(Run);
        }

        private int Run(ParseResult parsed) => _remote.Run(parsed, HttpTimeLimits.Brief, async (service, interruption) =>
        {
            string id = parsed.GetRequiredValue(_id);
            CancelOutcome outcome = await service.Jobs.CancelAsync(id, interruption.Token);
            JobRecord job = await FindAsync(service.Jobs, id, interruption.Token);
            if (outcome == CancelOutcome.AlreadyEnded && job.Status != ExecutionStatus.Cancelled)
            {
                throw new UsageException($"job '{id}' has ended already: {Shown.Status(job.Status)}");
            }

            OutputChannel.Stdout.WriteLines([$"{id}  {(job.EndedAt is null ? "is being stopped" : Shown.Status(job.Status))}"]);
            return ExitCodes.Success;
        });
    }

    private sealed class JobLogCommand : Command
    {
        private readonly Argument<string> _id = new("ID") { Description = "The job." };
        private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Go on until the job ends; exit code 1 if it did not complete." };
        private readonly RemoteOptions _remote = new();

        public JobLogCommand()
            : base("log", "Print a job's log.")
        {
            Add(_id);
            Add(_follow);
            _remote.AddTo(this);
            SetAction(Run);
        }

        private int Run(ParseResult parsed)
        {
            string id = parsed.GetRequiredValue(_id);
            return _remote.Run(parsed, parsed.GetValue(_follow) ? HttpTimeLimits.Lasting : HttpTimeLimits.Brief, async (service, interruption) =>
            {
                if (parsed.GetValue(_follow))
                {
                    return await JobReport.FollowAsync(service.Jobs, id, OutputChannel.Stdout, json: false, interruption.Token);
                }

                string log = await service.Jobs.GetLogAsync(id, interruption.Token) ?? throw ServerFault.NotFound("job", id);
                OutputChannel.Stdout.Write(System.Text.Encoding.UTF8.GetBytes(log));
                return ExitCodes.Success;
            });
        }
    }
}
