using Executor.Executors;
using Executor.Runners.Docker;
using Executor.Runners.Local;
using Executor.Runners.Modules;
using Executor.Runners.Ssh;

namespace Executor.Configuration;

/// <summary>Reads configurations for the tests, with only the environment they give.</summary>
internal static class Load
{
    public static IReadOnlyList<CodeExecutorSection> CodeExecutors { get; } =
        [.. ((RunnerModule[])[new LocalModule(), new DockerModule(), new SshModule()]).Select(module => new CodeExecutorSection(module.Section, module.Read))];

    public static ExecutorConfiguration Yaml(string yaml, params (string Name, string Value)[] environment) =>
        ConfigurationLoader.Parse(yaml, "config.yaml", CodeExecutors, environment.ToDictionary(pair => pair.Name, pair => pair.Value));

    public static ExecutorConfiguration Environment(params (string Name, string Value)[] environment) =>
        ConfigurationLoader.Load(null, CodeExecutors, environment.ToDictionary(pair => pair.Name, pair => pair.Value));

    public static string[] Faults(string yaml, params (string Name, string Value)[] environment) =>
        [.. Assert.Throws<ConfigurationException>(() => Yaml(yaml, environment)).Faults.Select(fault => fault.ToString())];

    public static string Fault(string yaml, params (string Name, string Value)[] environment) =>
        Assert.Single(Faults(yaml, environment));
}
