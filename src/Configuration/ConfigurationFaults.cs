namespace Executor.Configuration;

/// <summary>What reading a configuration needs from around it: somewhere to put faults, and the variables of <c>${NAME}</c>.</summary>
internal sealed class ConfigurationFaults(IReadOnlyDictionary<string, string> environment)
{
    public List<ConfigurationFault> All { get; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; } = environment;

    public void Add(Origin origin, string key, string message) =>
        All.Add(new ConfigurationFault(origin.Source, origin.Line, key, message));
}
