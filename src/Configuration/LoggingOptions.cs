using Microsoft.Extensions.Logging;

namespace Executor.Configuration;

/// <summary>
/// A logger: an entry of <c>logging</c>. <c>main</c> takes everything; another name takes the categories that are or begin
/// with that name (<c>Executor.Api</c>, or <c>api</c> for short) away from it. What such an entry leaves out is <c>main</c>'s.
/// </summary>
public sealed record LoggingOptions
{
    /// <summary>The name of the logger that takes everything no other takes.</summary>
    public const string MainName = "main";

    /// <summary>The logger's name.</summary>
    public required string Name { get; init; }

    /// <summary>Least level written to standard error. Default <see cref="LogLevel.Information"/>.</summary>
    public LogLevel ConsoleLevel { get; init; } = LogLevel.Information;

    /// <summary>Least level written to <see cref="File"/>. Default <see cref="LogLevel.Debug"/>.</summary>
    public LogLevel FileLevel { get; init; } = LogLevel.Debug;

    /// <summary>The log file; null: none. Further files are named after it (<c>main_001.log</c>), the highest number the newest.</summary>
    public string? File { get; init; }

    /// <summary>Size at which the next file is begun, in MiB. Range 1 to 1,000,000. Default 100.</summary>
    public int MaxSizeMb { get; init; } = 100;

    /// <summary>Older files kept beside the current one. Range 0 to 10,000. Default 3.</summary>
    public int MaxBackups { get; init; } = 3;

    /// <summary>Days after which an older file is removed; 0: never by age. Range 0 to 36,500. Default 28.</summary>
    public int MaxAgeDays { get; init; } = 28;
}
