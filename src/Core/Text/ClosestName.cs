namespace Executor.Text;

/// <summary>Finds the name somebody probably meant.</summary>
public static class ClosestName
{
    /// <summary><c>unknown key; did you mean port? Known keys: host, port</c>, the question only where one is close.</summary>
    /// <param name="what">What kind of name it is (<c>key</c>).</param>
    /// <param name="given">The name that is not known.</param>
    /// <param name="known">The names that would have worked.</param>
    public static string Explain(string what, string given, IEnumerable<string> known)
    {
        string[] sorted = [.. known.Order(StringComparer.Ordinal)];
        string question = Find(given, sorted) is string close ? $"; did you mean {close}?" : ".";
        return $"unknown {what}{question} Known {what}s: {string.Join(", ", sorted)}";
    }

    /// <summary>The known name with the fewest edits, if they are few for its length; letter case, <c>-</c> and <c>_</c> don't count.</summary>
    public static string? Find(string given, IEnumerable<string> known)
    {
        // Longer than any name of ours: nothing is close, and the distance would cost its square.
        if (given.Length > 64)
        {
            return null;
        }

        string wanted = Normalize(given);
        string? best = null;
        int fewest = int.MaxValue;
        foreach (string name in known)
        {
            string candidate = Normalize(name);
            // timeout for timeout_sec is the likeliest slip of all, however many letters the unit has.
            int distance = IsWordOf(wanted, candidate) || IsWordOf(candidate, wanted) ? 1 : Distance(wanted, candidate);
            if (distance < fewest && distance <= int.Max(1, name.Length / 3))
            {
                (best, fewest) = (name, distance);
            }
        }

        return best;
    }

    private static bool IsWordOf(string start, string name) =>
        start.Length > 0 && name.Length > start.Length && name[start.Length] == '_' && name.StartsWith(start, StringComparison.Ordinal);

    private static string Normalize(string name) => name.Replace('-', '_').ToLowerInvariant();

    /// <summary>Edits (insert, delete, replace, swap neighbours) that make one of the other: optimal string alignment.</summary>
    private static int Distance(string left, string right)
    {
        int[,] cost = new int[left.Length + 1, right.Length + 1];
        for (int i = 0; i <= left.Length; i++)
        {
            for (int j = 0; j <= right.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    cost[i, j] = i + j;
                    continue;
                }

                int change = left[i - 1] == right[j - 1] ? 0 : 1;
                cost[i, j] = int.Min(cost[i - 1, j - 1] + change, int.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    cost[i, j] = int.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }

        return cost[left.Length, right.Length];
    }
}
