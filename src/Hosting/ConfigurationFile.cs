using Executor.Configuration;
using Executor.Hosting.Runners;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Hosting;

/// <summary>Finds and reads the configuration of a command.</summary>
public static class ConfigurationFile
{
    /// <summary>The environment variable that names the configuration; empty: none is looked for.</summary>
    public const string Variable = "EXECUTOR_CONFIG";

    private const string DefaultName = "config.yaml";

    /// <summary>The file that holds: what <c>--config</c> said, else the variable's, else one found in the current folder; null: none.</summary>
    public static string? Find(string? configPath) =>
        configPath ?? (Environment.GetEnvironmentVariable(Variable) is string named
            ? named.Length > 0 ? named : null
            : File.Exists(DefaultName) ? DefaultName : null);

    /// <summary>Reads it, and the runtimes it makes; without a file the defaults and environment variables.</summary>
    /// <exception cref="ConfigurationException">It is not valid.</exception>
    public static (ExecutorConfiguration Configuration, RuntimeCatalog Runtimes) Load(string? configPath)
    {
        string? path = Find(configPath);
        try
        {
            ExecutorConfiguration configuration = ConfigurationLoader.Load(path, RunnerModules.Sections);
            return (configuration, CatalogOf(configuration, path));
        }
        catch (ConfigurationException exception) when (path is not null && configPath is null && Environment.GetEnvironmentVariable(Variable) is null)
        {
            // The folder may hold another program's configuration under the same name.
            ConfigurationFault hint = new(path, null, "", $"was found in the current folder; if it is another program's, set {Variable}= (to nothing) or name yours with --config");
            throw new ConfigurationException([.. exception.Faults, hint]);
        }
    }

    private static RuntimeCatalog CatalogOf(ExecutorConfiguration configuration, string? path)
    {
        if (configuration.Runtimes.Count == 0)
        {
            return RuntimeCatalog.BuiltIn;
        }

        return RuntimeCatalog.TryCreate(configuration.Runtimes, out RuntimeCatalog? catalog, out IReadOnlyList<ValidationFault> faults)
            ? catalog
            : throw new ConfigurationException([.. faults.Select(fault => new ConfigurationFault(path ?? "environment", null, fault.Field, fault.ToString()))]);
    }
}
