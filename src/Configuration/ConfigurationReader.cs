using Executor.Executors;
using Microsoft.Extensions.Logging;

namespace Executor.Configuration;

/// <summary>Says which keys a configuration has: one method per section, each handing back what the faults left usable.</summary>
internal static partial class ConfigurationReader
{
    private static readonly IReadOnlyList<(string Word, LogLevel Level)> LogLevels =
    [
        ("trace", LogLevel.Trace), ("debug", LogLevel.Debug), ("info", LogLevel.Information), ("warn", LogLevel.Warning),
        ("error", LogLevel.Error), ("fatal", LogLevel.Critical), ("off", LogLevel.None),
        // What other systems call them.
        ("verbose", LogLevel.Trace), ("information", LogLevel.Information), ("warning", LogLevel.Warning),
        ("critical", LogLevel.Critical), ("none", LogLevel.None),
    ];

    public static ExecutorConfiguration Read(SectionReader root, IReadOnlyList<CodeExecutorSection> codeExecutors)
    {
        ExecutorConfiguration configuration = new()
        {
            CodeExecutors = ReadCodeExecutors(root.Section("code_executors"), codeExecutors),
            Logging = ReadLogging(root),
            Limits = root.Limits("limits"),
            LimitsCeiling = root.Limits("limits_ceiling"),
            Runtimes = root.Named("runtimes").ToDictionary(runtime => runtime.Name, runtime => ReadRuntime(runtime.Section)),
            Sandbox = ReadSandbox(root.Section("sandbox")),
            Server = ReadServer(root.Section("server")),
            Storage = ReadStorage(root.Section("storage")),
            Sessions = ReadSessions(root.Section("sessions")),
            Cluster = ReadCluster(root.Section("cluster")),
            Executors = [.. root.Named("executors").Select(ReadWorker)],
        };
        root.RefuseOthers();
        return configuration;
    }

    private static List<LoggingOptions> ReadLogging(SectionReader root)
    {
        List<(string Name, SectionReader Section)> named = root.Named("logging");
        LoggingOptions main = new() { Name = LoggingOptions.MainName };
        foreach ((_, SectionReader section) in named.Where(logger => logger.Name == LoggingOptions.MainName))
        {
            main = ReadLogger(section, main);
        }

        return [main, .. named
            .Where(logger => logger.Name != LoggingOptions.MainName)
            .Select(logger => ReadLogger(logger.Section, main with { Name = logger.Name }))];
    }

    private static LoggingOptions ReadLogger(SectionReader section, LoggingOptions fallback)
    {
        const int shown = 7;
        LoggingOptions options = fallback with
        {
            ConsoleLevel = section.Choice("console_level", LogLevels, shown) ?? fallback.ConsoleLevel,
            FileLevel = section.Choice("file_level", LogLevels, shown) ?? fallback.FileLevel,
            File = section.FilePath("file") ?? fallback.File,
            MaxSizeMb = section.Integer("max_size_mb", 1, 1_000_000) ?? fallback.MaxSizeMb,
            MaxBackups = section.Integer("max_backups", 0, 10_000) ?? fallback.MaxBackups,
            MaxAgeDays = section.Integer("max_age_days", 0, 36_500) ?? fallback.MaxAgeDays,
        };
        section.RefuseOthers();
        return options;
    }
}
