namespace Executor.Configuration;

/// <summary>A configuration that can't be used. Carries every fault, not only the first; the message has one a line.</summary>
public sealed class ConfigurationException(IReadOnlyList<ConfigurationFault> faults)
    : Exception(string.Join('\n', faults))
{
    /// <summary>What is wrong, in the order of the file; environment variables last.</summary>
    public IReadOnlyList<ConfigurationFault> Faults { get; } = faults;
}

/// <summary>One thing wrong with the configuration.</summary>
/// <param name="Source">The file as it was named, or the environment variable.</param>
/// <param name="Line">Line in the file, from 1; null for an environment variable and for the file as a whole.</param>
/// <param name="Key">The key with its sections (<c>server.port</c>); empty for the file as a whole.</param>
/// <param name="Message">What was wrong and what would be right.</param>
public sealed record ConfigurationFault(string Source, long? Line, string Key, string Message)
{
    /// <summary>As <c>config.yaml:12: server.port: …</c>, or <c>EXECUTOR__SERVER__PORT: …</c>.</summary>
    public override string ToString() => this switch
    {
        { Line: long line, Key.Length: > 0 } => $"{Source}:{line}: {Key}: {Message}",
        { Line: long line } => $"{Source}:{line}: {Message}",
        _ => $"{Source}: {Message}",
    };
}
