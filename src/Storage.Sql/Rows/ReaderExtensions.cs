using System.Data.Common;
using System.Text.Json;

namespace Executor.Storage.Sql.Rows;

/// <summary>Reads columns as the tables keep them.</summary>
internal static class ReaderExtensions
{
    public static string Text(this DbDataReader reader, int column) => StoredText.Decode(reader.GetString(column));

    public static string? TextOrNull(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.Text(column);

    public static DateTimeOffset Time(this DbDataReader reader, int column) => DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));

    public static DateTimeOffset? TimeOrNull(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.Time(column);

    public static int? Int32OrNull(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);

    /// <summary>A list of texts kept as JSON; NULL is the empty one.</summary>
    public static IReadOnlyList<string> Texts(this DbDataReader reader, int column) => reader.IsDBNull(column)
        ? []
        : JsonSerializer.Deserialize(reader.GetString(column), StoredJson.Context.IReadOnlyListString)!;

    /// <summary>The other way round.</summary>
    public static string? ToJson(this IReadOnlyList<string> texts) =>
        texts.Count == 0 ? null : JsonSerializer.Serialize(texts, StoredJson.Context.IReadOnlyListString);
}
