using System.Diagnostics.CodeAnalysis;
using Executor.Tasks;

namespace Executor.Runtimes;

/// <summary>The runtimes there are: the built-in ones and the configuration's. Names and extensions are found whatever their case.</summary>
public sealed class RuntimeCatalog
{
    private readonly Dictionary<string, RuntimeDefinition> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, RuntimeDefinition> _byExtension = new(StringComparer.OrdinalIgnoreCase);

    internal RuntimeCatalog(IEnumerable<RuntimeDefinition> runtimes)
    {
        All = [.. runtimes.OrderBy(runtime => runtime.Name, StringComparer.Ordinal)];
        foreach (RuntimeDefinition runtime in All)
        {
            _byName.Add(runtime.Name, runtime);
            foreach (string alias in runtime.Aliases)
            {
                _byName.Add(alias, runtime);
            }

            foreach (string extension in runtime.Extensions)
            {
                _byExtension.Add(extension, runtime);
            }
        }
    }

    /// <summary>The built-in runtimes alone.</summary>
    public static RuntimeCatalog BuiltIn => field ??= new RuntimeCatalog(BuiltInRuntimes.All);

    /// <summary>Every runtime, by name.</summary>
    public IReadOnlyList<RuntimeDefinition> All { get; }

    /// <summary>The built-in runtimes changed by a configuration, or everything that is wrong with it.</summary>
    /// <param name="overrides">By runtime name: the configuration's <c>runtimes</c>.</param>
    /// <param name="catalog">The catalogue; null when there are faults.</param>
    /// <param name="faults">By field (<c>runtimes.python.run</c>); empty when there is a catalogue.</param>
    public static bool TryCreate(
        IReadOnlyDictionary<string, RuntimeOverride> overrides,
        [NotNullWhen(true)] out RuntimeCatalog? catalog,
        out IReadOnlyList<ValidationFault> faults)
    {
        var merge = new RuntimeMerge(BuiltInRuntimes.All);
        foreach ((string name, RuntimeOverride change) in overrides)
        {
            merge.Apply(name, change);
        }

        faults = merge.Finish(out IReadOnlyCollection<RuntimeDefinition> runtimes);
        catalog = faults.Count == 0 ? new RuntimeCatalog(runtimes) : null;
        return catalog is not null;
    }

    /// <summary>The runtime that has this name or alias; null: none.</summary>
    public RuntimeDefinition? Find(string nameOrAlias) => _byName.GetValueOrDefault(nameOrAlias);

    /// <summary>The runtime that a file's extension tells; null: none.</summary>
    public RuntimeDefinition? ForFile(string path) => _byExtension.GetValueOrDefault(Path.GetExtension(path));

    /// <summary>A sentence for a name that <see cref="Find"/> did not find, with the names that would have worked.</summary>
    public string DescribeUnknown(string name) => $"there is no runtime '{name}'; there are: {Names}";

    /// <summary>A sentence for a path that <see cref="ForFile"/> did not know, with the extensions that would have worked.</summary>
    public string DescribeUnknownFile(string path)
    {
        string extension = Path.GetExtension(path);
        string what = extension.Length == 0 ? $"'{path}' has no extension" : $"'{extension}' is no runtime's extension";
        return $"{what}; set language ({Names}) or use one of {string.Join(' ', _byExtension.Keys.Order(StringComparer.Ordinal))}";
    }

    /// <summary>The names of <see cref="All"/>, for messages.</summary>
    public string Names => string.Join(", ", All.Select(runtime => runtime.Name));
}
