using System.Globalization;
using Executor.Clocks;
using Executor.Configuration;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace Executor.Hosting.Logging;

/// <summary>Loggers as <see cref="LoggingOptions"/> describes them: console lines on standard error, files rotated by size.</summary>
internal static class SerilogFactory
{
    private const string Template = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff} [{Level:u3}] {SourceContext}: {Message:l}{NewLine}{Exception}";

    /// <param name="loggers">The loggers; the first is <c>main</c>.</param>
    /// <exception cref="ConfigurationException">A log file can't be written.</exception>
    public static ILoggerFactory Create(IReadOnlyList<LoggingOptions> loggers)
    {
        LoggerConfiguration configuration = new();
        configuration.MinimumLevel.Is(loggers.Min(LeastLevel));
        foreach (LoggingOptions options in loggers)
        {
            configuration.WriteTo.Logger(branch => AddSinks(
                branch.Filter.ByIncludingOnly(entry => ReferenceEquals(OwnerOf(entry, loggers), options)).MinimumLevel.Is(LeastLevel(options)).WriteTo,
                options));
        }

        return new SerilogLoggerFactory(configuration.CreateLogger(), dispose: true);
    }

    private static void AddSinks(LoggerSinkConfiguration sinks, LoggingOptions options)
    {
        if (options.ConsoleLevel < LogLevel.None)
        {
            sinks.Console(
                ToSerilog(options.ConsoleLevel), Template, CultureInfo.InvariantCulture, standardErrorFromLevel: LogEventLevel.Verbose);
        }

        if (options.File is string path && options.FileLevel < LogLevel.None)
        {
            LogFiles files = new(path);
            files.RequireWritable(options.Name);
            if (options.MaxAgeDays > 0)
            {
                sinks.Sink(new LogAgeSweep(files, TimeSpan.FromDays(options.MaxAgeDays), SteadyTime.System));
            }

            sinks.File(
                path,
                ToSerilog(options.FileLevel),
                Template,
                CultureInfo.InvariantCulture,
                fileSizeLimitBytes: (long)options.MaxSizeMb << 20,
                // Several runs may log to one file.
                shared: true,
                rollOnFileSizeLimit: true,
                retainedFileCountLimit: options.MaxBackups + 1);
            sinks.Sink(new LogFileCloser(files));
        }
    }

    /// <summary>The logger that takes the entry: the one with the longest name that its category begins with, else <c>main</c>.</summary>
    private static LoggingOptions OwnerOf(LogEvent entry, IReadOnlyList<LoggingOptions> loggers)
    {
        string category = entry.Properties.GetValueOrDefault(Constants.SourceContextPropertyName) is ScalarValue { Value: string text } ? text : "";
        return loggers.Skip(1).Where(options => Takes(options.Name, category)).MaxBy(options => options.Name.Length) ?? loggers[0];
    }

    private static bool Takes(string name, string category) =>
        IsBelow(category, name) || IsBelow(category, $"{nameof(Executor)}.{name}");

    private static bool IsBelow(string category, string name) =>
        category.StartsWith(name, StringComparison.OrdinalIgnoreCase) && (category.Length == name.Length || category[name.Length] == '.');

    private static LogEventLevel LeastLevel(LoggingOptions options) =>
        ToSerilog((LogLevel)int.Min((int)options.ConsoleLevel, options.File is null ? (int)LogLevel.None : (int)options.FileLevel));

    // LogLevel.None has no counterpart: with it no sink is added, so the level does not matter.
    private static LogEventLevel ToSerilog(LogLevel level) => (LogEventLevel)int.Min((int)level, (int)LogEventLevel.Fatal);
}
