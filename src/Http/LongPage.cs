namespace Executor.Http;

/// <summary>Reads a longer page than one request may bring.</summary>
internal static class LongPage
{
    /// <summary>The longest page that servers give.</summary>
    private const int Longest = 1_000;

    /// <summary>Asks for pieces until there are enough, or no more.</summary>
    /// <param name="limit">The most entries.</param>
    /// <param name="after">What came before; null: nothing.</param>
    /// <param name="ask">Asks for so many entries after a cursor. Tells them, and the cursor of the next ones; null: there are no more.</param>
    /// <returns>The entries, and the cursor of the next ones.</returns>
    public static async Task<(List<T> Entries, TCursor? Next)> ReadAsync<T, TCursor>(
        int limit, TCursor? after, Func<int, TCursor?, Task<(IReadOnlyList<T> Entries, TCursor? Next)>> ask)
        where TCursor : struct
    {
        List<T> found = [];
        IReadOnlyList<T> piece;
        do
        {
            (piece, after) = await ask(int.Min(limit - found.Count, Longest), after);
            found.AddRange(piece);
        }
        while (after is not null && piece.Count > 0 && found.Count < limit);

        return (found, after);
    }
}
