namespace Executor.Configuration;

/// <summary>Reads configurations for the tests, with only the environment they give.</summary>
internal static class Load
{
    public static ExecutorConfiguration Yaml(string yaml, params (string Name, string Value)[] environment) =>
        ConfigurationLoader.Parse(yaml, "config.yaml", environment.ToDictionary(pair => pair.Name, pair => pair.Value));

    public static ExecutorConfiguration Environment(params (string Name, string Value)[] environment) =>
        ConfigurationLoader.Load(null, environment.ToDictionary(pair => pair.Name, pair => pair.Value));

    public static string[] Faults(string yaml, params (string Name, string Value)[] environment) =>
        [.. Assert.Throws<ConfigurationException>(() => Yaml(yaml, environment)).Faults.Select(fault => fault.ToString())];

    public static string Fault(string yaml, params (string Name, string Value)[] environment) =>
        Assert.Single(Faults(yaml, environment));
}
