using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Executor.Hosting;
using Executor.Tasks;

namespace Executor.Cli.Remote;

/// <summary>How values are shown: to people as words, to programs as a line of JSON.</summary>
internal static class Shown
{
    public static string Status(ExecutionStatus status) => status.ToString().ToUpperInvariant();

    /// <summary>A time of day where the reader is; a dash for none.</summary>
    public static string Time(DateTimeOffset? time) => time?.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>The time between; a dash where one end is missing.</summary>
    public static string Duration(DateTimeOffset? start, DateTimeOffset? end) => end - start is TimeSpan time ? Duration(time) : "-";

    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s"),
        { TotalHours: < 1 } => time.ToString("m\\:ss", CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time:mm\\:ss}"),
    };

    /// <summary>Writes a line of JSON to standard output.</summary>
    public static void WriteJson<T>(T value, JsonTypeInfo<T> type) =>
        OutputChannel.Stdout.Write([.. JsonSerializer.SerializeToUtf8Bytes(value, type), (byte)'\n']);

    /// <summary>Writes names and values a line each, those without a value left out.</summary>
    public static void WriteFields(IEnumerable<(string Name, string? Value)> fields) =>
        OutputChannel.Stdout.WriteLines(fields.Where(field => field.Value is not null).Select(field => $"{field.Name + ":",-14}{field.Value}"));
}
