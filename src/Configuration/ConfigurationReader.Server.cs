using Executor.Executors;
using Executor.Sessions;
using Executor.Storage;
using Executor.Tasks;
using Executor.Text;

namespace Executor.Configuration;

internal static partial class ConfigurationReader
{
    private static SandboxOptions ReadSandbox(SectionReader section)
    {
        SandboxOptions defaults = new();
        SandboxOptions options = new()
        {
            ReadOnlyPaths = section.FilePaths("read_only_paths") ?? defaults.ReadOnlyPaths,
            Python = section.FilePath("python"),
            Preload = section.Texts("preload") ?? defaults.Preload,
            AgentsMax = section.Integer("agents_max", 1, 256) ?? defaults.AgentsMax,
        };
        if (options.ReadOnlyPaths.FirstOrDefault(path => !Path.IsPathRooted(path)) is string relative)
        {
            section.Fault("read_only_paths", $"must be absolute paths, one was {QuotedText.Of(relative)}");
        }

        section.RefuseOthers();
        return options;
    }

    private static ServerOptions ReadServer(SectionReader section)
    {
        ServerOptions defaults = new();
        ServerOptions options = new()
        {
            Host = section.Text("host") ?? defaults.Host,
            Port = section.Integer("port", 0, 65_535) ?? defaults.Port,
            ApiKeys = section.Secrets("api_keys") ?? defaults.ApiKeys,
            CallbackHosts = ReadCallbackHosts(section) ?? defaults.CallbackHosts,
            MaxBodyMb = section.Integer("max_body_mb", 1, 2047) ?? defaults.MaxBodyMb,
            MaxQueue = section.Integer("max_queue", 1, 100_000_000) ?? defaults.MaxQueue,
            PriorityAging = section.Integer("priority_aging_sec", 0, 31_536_000) is int aging ? TimeSpan.FromSeconds(aging) : defaults.PriorityAging,
            MaxRequestsPerSec = section.Integer("max_requests_per_sec", 0, 1_000_000) switch
            {
                null => defaults.MaxRequestsPerSec,
                0 => null,
                int rate => rate,
            },
        };
        section.RefuseOthers();
        return options;
    }

    private static List<CallbackHost>? ReadCallbackHosts(SectionReader section)
    {
        const string key = "callback_hosts";
        if (section.Texts(key) is not { } entries)
        {
            return null;
        }

        List<CallbackHost> hosts = [];
        // One that is empty has been reported.
        foreach (string entry in entries.Where(entry => entry.Length > 0))
        {
            if (CallbackHost.TryParse(entry) is CallbackHost host)
            {
                hosts.Add(host);
            }
            else
            {
                section.Fault(key, $"must each be {CallbackHost.Rule}; one was {QuotedText.Of(entry)}");
            }
        }

        return hosts;
    }

    private static SessionOptions ReadSessions(SectionReader section)
    {
        SessionOptions defaults = new();
        SessionOptions options = new()
        {
            Max = section.Integer("max", 0, 10_000) ?? defaults.Max,
            IdleTimeout = section.Number("idle_timeout_sec", SessionOptions.MaxIdleTimeout.TotalSeconds) is double seconds
                ? TimeSpan.FromSeconds(seconds)
                : defaults.IdleTimeout,
        };
        section.RefuseOthers();
        return options;
    }

    private static StorageOptions ReadStorage(SectionReader section)
    {
        StorageOptions options = new()
        {
            SqlitePath = section.FilePath("sqlite"),
            Postgres = section.Secret("postgres"),
            PostgresConnections = section.Integer("postgres_connections", 3, 1_000),
            Retention = ReadRetention(section.Section("retention")),
        };
        if (section.Has("sqlite") && section.Has("postgres"))
        {
            section.Fault("postgres", "can't be given together with sqlite; remove one of them");
        }

        section.RefuseOthers();
        return options;
    }

    private static RetentionOptions ReadRetention(SectionReader section)
    {
        RetentionOptions defaults = new();
        RetentionOptions options = new()
        {
            MaxAge = section.Integer("max_age_days", 0, 36_500) switch
            {
                null => defaults.MaxAge,
                0 => null,
                int days => TimeSpan.FromDays(days),
            },
            MaxTasks = section.Integer("max_tasks", 0, int.MaxValue) switch
            {
                null => defaults.MaxTasks,
                0 => null,
                int count => count,
            },
        };
        section.RefuseOthers();
        return options;
    }

    private static WorkerOptions ReadWorker((string Name, SectionReader Section) worker)
    {
        (string name, SectionReader section) = worker;
        WorkerOptions defaults = new() { Name = name };
        WorkerOptions options = defaults with
        {
            Python = section.FilePath("python"),
            MaxTasks = section.Integer("max_tasks", 1, 1000) ?? defaults.MaxTasks,
            Capabilities = section.Texts("capabilities") ?? defaults.Capabilities,
            Env = section.TextMap("env") ?? defaults.Env,
        };
        section.RefuseOthers();
        return options;
    }
}
