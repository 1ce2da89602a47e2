namespace Executor.Cli.Serving;

/// <summary>What the command line asked of <c>serve</c>.</summary>
internal sealed record ServeRequest
{
    /// <summary><c>executor</c> in the user's data folder.</summary>
    public static string DefaultDataFolder => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "executor");

    /// <summary>Address to listen on; null: the configuration's.</summary>
    public string? Host { get; init; }

    /// <summary>Port; null: the configuration's.</summary>
    public int? Port { get; init; }

    /// <summary>Where tasks and results are kept.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Tasks at once in this process; 0: none.</summary>
    public required int MaxTasks { get; init; }

    /// <summary>How long running tasks may take to finish when it is asked to end.</summary>
    public required TimeSpan Grace { get; init; }

    /// <summary>What <c>--config</c> said.</summary>
    public string? ConfigPath { get; init; }
}
