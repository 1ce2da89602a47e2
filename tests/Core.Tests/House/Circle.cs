namespace Executor.House;

/// <summary>A way through a graph that comes back to where it began.</summary>
internal static class Circle
{
    /// <summary>The first circle that is found, as <c>a → b → a</c>; null: there is none.</summary>
    /// <param name="arrows">From each node to those that it knows. What it says of itself does not count.</param>
    public static string? Find(IReadOnlyDictionary<string, IReadOnlySet<string>> arrows)
    {
        HashSet<string> done = [];
        return arrows.Keys.Order(StringComparer.Ordinal).Select(node => Follow(node, [], arrows, done)).FirstOrDefault(circle => circle is not null);
    }

    private static string? Follow(string node, List<string> way, IReadOnlyDictionary<string, IReadOnlySet<string>> arrows, HashSet<string> done)
    {
        int met = way.IndexOf(node);
        if (met >= 0)
        {
            return string.Join(" → ", way.Skip(met).Append(node));
        }

        if (done.Contains(node) || !arrows.TryGetValue(node, out IReadOnlySet<string>? targets))
        {
            return null;
        }

        way.Add(node);
        foreach (string target in targets.Where(target => target != node).Order(StringComparer.Ordinal))
        {
            if (Follow(target, way, arrows, done) is string circle)
            {
                return circle;
            }
        }

        way.RemoveAt(way.Count - 1);
        done.Add(node);
        return null;
    }
}
