namespace Executor.Storage.Sql.Rows;

/// <summary>The values of one column of the rows to write.</summary>
/// <param name="Name">The column.</param>
/// <param name="Values">
/// An array of <c>string</c>, <c>int?</c>, <c>long?</c>, <c>double?</c>, <c>bool</c>, <c>Guid?</c> or <c>byte[]</c>: one value for each row, null for NULL.
/// </param>
internal sealed record Column(string Name, Array Values)
{
    public static Column Of<TRow, TValue>(string name, IReadOnlyList<TRow> rows, Func<TRow, TValue> value)
    {
        var values = new TValue[rows.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = value(rows[i]);
        }

        return new Column(name, values);
    }

    /// <summary>A column of texts that callers chose.</summary>
    public static Column Text<TRow>(string name, IReadOnlyList<TRow> rows, Func<TRow, string?> value) =>
        Of(name, rows, row => value(row) is string text ? StoredText.Encode(text) : null);

    /// <summary>A column of times, in milliseconds since the Unix epoch.</summary>
    public static Column Time<TRow>(string name, IReadOnlyList<TRow> rows, Func<TRow, DateTimeOffset?> value) =>
        Of(name, rows, row => value(row)?.ToUnixTimeMilliseconds());
}
