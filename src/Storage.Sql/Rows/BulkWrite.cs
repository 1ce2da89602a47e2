namespace Executor.Storage.Sql.Rows;

/// <summary>What to do with rows.</summary>
internal enum BulkKind
{
    /// <summary>Add them.</summary>
    Insert,

    /// <summary>Add them, or replace what the columns say of those that are there.</summary>
    Upsert,

    /// <summary>Change those that are there.</summary>
    Update,
}

/// <summary>Rows of one table to write.</summary>
/// <param name="Kind">What to do with them.</param>
/// <param name="Table">The table.</param>
/// <param name="Columns">What to write. The first is the key. For a table and kind the columns are always the same ones.</param>
internal sealed record BulkWrite(BulkKind Kind, string Table, IReadOnlyList<Column> Columns)
{
    /// <summary>Tells statements apart.</summary>
    public (BulkKind Kind, string Table) Shape => (Kind, Table);

    /// <summary>SQL that takes each row from <paramref name="source"/>: <c>VALUES (…)</c> or a <c>SELECT</c>.</summary>
    public string InsertSql(string source)
    {
        string sql = $"INSERT INTO {Table} ({string.Join(", ", Columns.Select(column => column.Name))}) {source}";
        string key = Columns[0].Name;
        return Kind == BulkKind.Upsert ? $"{sql} ON CONFLICT ({key}) DO UPDATE SET {Assignments("excluded")}" : sql;
    }

    /// <summary><c>column = source.column</c> for all but the key.</summary>
    public string Assignments(string source) => string.Join(", ", Columns.Skip(1).Select(column => $"{column.Name} = {source}.{column.Name}"));
}
