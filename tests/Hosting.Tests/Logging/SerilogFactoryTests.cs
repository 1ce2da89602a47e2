using Executor.Configuration;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Executor.Hosting.Logging;

public sealed class SerilogFactoryTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("executor-log-test-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void File_that_is_full_is_followed_by_the_next_and_only_the_backups_are_kept()
    {
        using (ILoggerFactory loggers = SerilogFactory.Create([Main with { MaxSizeMb = 1, MaxBackups = 2 }]))
        {
            string mebibyte = new('x', 1 << 20);
            for (int i = 0; i < 6; i++)
            {
                Log(loggers, "Executor.Engine", LogLevel.Information, mebibyte);
            }
        }

        string[] files = Files();
        Assert.Equal(3, files.Length);
        Assert.All(files, file => Assert.InRange(new FileInfo(At(file)).Length, 1, (1 << 20) + 200));
    }

    [Fact]
    public void Files_and_the_folder_that_is_made_for_them_are_their_owners_alone_also_those_that_follow_a_full_one()
    {
        string made = At("made"), file = Path.Combine(made, "main.log");
        using (ILoggerFactory loggers = SerilogFactory.Create([Main with { File = file, MaxSizeMb = 1, MaxBackups = 5 }]))
        {
            string mebibyte = new('x', 1 << 20);
            for (int i = 0; i < 4; i++)
            {
                Log(loggers, "Executor.Engine", LogLevel.Information, mebibyte);
            }
        }

        Assert.Equal((UnixFileMode)0b111_000_000, Modes.Of(made));
        Assert.True(Directory.GetFiles(made).Length > 2);
        Assert.All(Directory.GetFiles(made), each => Assert.Equal((UnixFileMode)0b110_000_000, Modes.Of(each)));
    }

    [Fact]
    public void Files_older_than_the_age_limit_are_removed_and_others_are_not()
    {
        Write("main.log", ageDays: 30);
        Write("main_001.log", ageDays: 29);
        Write("main_002.log", ageDays: 27);
        Write("main_003.log", ageDays: 40);
        Write("main_x.log", ageDays: 100);
        Write("maintenance.log", ageDays: 100);

        using (ILoggerFactory loggers = SerilogFactory.Create([Main with { MaxBackups = 100, MaxAgeDays = 28 }]))
        {
            Log(loggers, "Executor.Engine", LogLevel.Information, "hello");
        }

        Assert.Equal(["main_002.log", "main_003.log", "main_x.log", "maintenance.log"], Files());
        Assert.Contains("hello", File.ReadAllText(At("main_003.log")), StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_go_to_the_file_of_the_logger_that_takes_them_by_level()
    {
        LoggingOptions api = Main with { Name = "api", File = At("api.log"), FileLevel = LogLevel.Warning };
        using (ILoggerFactory loggers = SerilogFactory.Create([Main, api]))
        {
            Log(loggers, "Executor.Api.Tasks", LogLevel.Information, "api info");
            Log(loggers, "Executor.Api.Tasks", LogLevel.Warning, "api warning");
            Log(loggers, "Executor.Apiary", LogLevel.Information, "main info");
            Log(loggers, "Executor.Engine", LogLevel.Debug, "main debug");
            Log(loggers, "Executor.Engine", LogLevel.Trace, "main trace");
        }

        string main = File.ReadAllText(At("main.log"));
        Assert.Contains("main info", main, StringComparison.Ordinal);
        Assert.Contains("main debug", main, StringComparison.Ordinal);
        Assert.DoesNotContain("trace", main, StringComparison.Ordinal);
        Assert.DoesNotContain("api", main, StringComparison.Ordinal);
        string line = Assert.Single(File.ReadAllLines(At("api.log")));
        Assert.EndsWith("[WRN] Executor.Api.Tasks: api warning", line, StringComparison.Ordinal);
    }

    [Fact]
    public void File_that_cannot_be_written_is_a_fault_that_names_it()
    {
        ConfigurationException exception = Assert.Throws<ConfigurationException>(() => SerilogFactory.Create([Main with { File = folder.FullName }]));

        Assert.Equal($"{folder.FullName}: can't be written to as logging.main.file: is a folder, not a file", exception.Message);
    }

    private static void Log(ILoggerFactory loggers, string category, LogLevel level, string text) =>
        loggers.CreateLogger(category).Log(level, default, text, null, static (message, _) => message);

    private LoggingOptions Main => new() { Name = "main", File = At("main.log"), ConsoleLevel = LogLevel.None, FileLevel = LogLevel.Debug };

    private string[] Files() => [.. folder.EnumerateFiles().Select(file => file.Name).Order(StringComparer.Ordinal)];

    private string At(string name) => Path.Combine(folder.FullName, name);

    private void Write(string name, int ageDays)
    {
        File.WriteAllText(At(name), "old\n");
        File.SetLastWriteTimeUtc(At(name), DateTime.UtcNow.AddDays(-ageDays));
    }
}
