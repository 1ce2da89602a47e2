namespace Executor.Configuration;

/// <summary>
/// Lays environment variables over a configuration: <c>EXECUTOR__SERVER__PORT=5001</c> is <c>server.port</c>. Letter case
/// does not count, an empty value is no value, and a variable wins over the file.
/// </summary>
internal static class EnvironmentOverlay
{
    public const string Prefix = "EXECUTOR__";

    private const string Separator = "__";
    private const int MaxDepth = 8;

    /// <summary>The variables that are keys of the configuration, by name.</summary>
    public static List<KeyValuePair<string, string>> Select(IEnumerable<KeyValuePair<string, string>> environment) =>
        [.. environment
            .Where(variable => variable.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && variable.Value.Length > 0)
            .OrderBy(variable => variable.Key, StringComparer.OrdinalIgnoreCase)];

    /// <summary>The configuration with the variables laid over it; what they can't mean is added to <paramref name="faults"/>.</summary>
    public static DocumentMap Apply(
        DocumentMap root, IEnumerable<KeyValuePair<string, string>> variables, List<ConfigurationFault> faults)
    {
        foreach ((string name, string value) in variables)
        {
            string[] path = name[Prefix.Length..].Split(Separator);
            if (path.Length > MaxDepth || path.Contains(""))
            {
                faults.Add(new ConfigurationFault(name, null, "", $"must name a key, as {Prefix}SERVER{Separator}PORT does"));
            }
            else
            {
                root = Set(root, path, value, new Origin(name, null), faults);
            }
        }

        return root;
    }

    private static DocumentMap Set(
        DocumentMap map, ReadOnlySpan<string> path, string value, Origin origin, List<ConfigurationFault> faults)
    {
        string key = ExistingKey(map, path[0]) ?? path[0];
        DocumentEntry existing = map.Entries.GetValueOrDefault(key);
        if (path.Length > 1 && existing.Node is DocumentMap section)
        {
            return map.With(key, existing with { Node = Set(section, path[1..], value, origin, faults) });
        }

        if (existing.Node is { Origin.IsEnvironment: true } rival)
        {
            faults.Add(new ConfigurationFault(origin.Source, null, "", $"contradicts {rival.Origin.Source}; unset one of them"));
            return map;
        }

        if (path.Length > 1 && existing.Node is not (null or DocumentScalar { IsNull: true }))
        {
            Origin other = existing.Node.Origin;
            faults.Add(new ConfigurationFault(origin.Source, null, "", $"can't set a key of {key}, which is a value in {other.Source}:{other.Line}"));
            return map;
        }

        DocumentNode node = path.Length == 1
            ? new DocumentScalar(origin, value, isPlain: false)
            : Set(new DocumentMap(origin, []), path[1..], value, origin, faults);
        return map.With(key, new DocumentEntry(origin, node));
    }

    private static string? ExistingKey(DocumentMap map, string segment) =>
        map.Entries.ContainsKey(segment)
            ? segment
            : map.Entries.Keys.FirstOrDefault(key => key.Equals(segment, StringComparison.OrdinalIgnoreCase));
}
