using System.Collections;

namespace Executor.Scheduling;

/// <summary>A set of names (capabilities, code executors), compared by content. Names are case-sensitive.</summary>
public sealed class NameSet : IEquatable<NameSet>, IReadOnlyCollection<string>
{
    private readonly string[] _names;
    private readonly int _hash;

    private NameSet(string[] names)
    {
        _names = names;
        HashCode hash = default;
        foreach (string name in names)
        {
            hash.Add(name, StringComparer.Ordinal);
        }

        _hash = hash.ToHashCode();
    }

    /// <summary>The set with nothing in it.</summary>
    public static NameSet Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _names.Length;

    /// <summary>The least name in ordinal order.</summary>
    internal string First => _names[0];

    /// <summary>The set of these names; repeated ones count once, null means none.</summary>
    public static NameSet Of(params IEnumerable<string>? names)
    {
        string[] sorted = names is null ? [] : [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return sorted.Length == 0 ? Empty : new NameSet(sorted);
    }

    /// <summary>Whether the name is in the set.</summary>
    public bool Contains(string name) => Array.BinarySearch(_names, name, StringComparer.Ordinal) >= 0;

    /// <summary>Whether every name of this set is in the other one.</summary>
    public bool IsSubsetOf(NameSet other)
    {
        foreach (string name in _names)
        {
            if (!other.Contains(name))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public bool Equals(NameSet? other) =>
        other is not null && _hash == other._hash && _names.AsSpan().SequenceEqual(other._names);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NameSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_names).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _names.GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => $"{{{string.Join(", ", _names)}}}";
}
