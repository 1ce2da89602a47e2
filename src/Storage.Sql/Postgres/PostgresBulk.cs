using Executor.Storage.Sql.Rows;
using Npgsql;
using NpgsqlTypes;

namespace Executor.Storage.Sql.Postgres;

/// <summary>Commands for many rows at once: a column is an array, and <c>unnest</c> makes rows of them.</summary>
internal static class PostgresBulk
{
    public static NpgsqlBatchCommand Of(BulkWrite write)
    {
        var command = new NpgsqlBatchCommand(write.Kind == BulkKind.Update ? UpdateSql(write) : write.InsertSql($"SELECT * FROM {Rows(write)}"));
        foreach (Column column in write.Columns)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = column.Values, NpgsqlDbType = NpgsqlDbType.Array | TypeOf(column).Parameter });
        }

        return command;
    }

    /// <summary>Reads tasks and locks them, always in the same order, so that two processes don't wait for each other in a circle.</summary>
    public static NpgsqlBatchCommand Load(IEnumerable<string> taskIds) =>
        Command($"SELECT {TaskRow.Columns} FROM tasks WHERE task_id = ANY ($1) ORDER BY task_id FOR UPDATE", [taskIds.Select(StoredText.Encode).ToArray()]);

    /// <summary>A command with parameters by number.</summary>
    public static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<object> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (object parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return command;
    }

    private static string UpdateSql(BulkWrite write)
    {
        string names = string.Join(", ", write.Columns.Select(column => column.Name));
        string key = write.Columns[0].Name;
        return $"UPDATE {write.Table} AS t SET {write.Assignments("v")} FROM {Rows(write)} AS v ({names}) WHERE t.{key} = v.{key}";
    }

    private static string Rows(BulkWrite write) =>
        $"unnest({string.Join(", ", write.Columns.Select((column, i) => $"${i + 1}::{TypeOf(column).Sql}[]"))})";

    private static (string Sql, NpgsqlDbType Parameter) TypeOf(Column column) => column.Values switch
    {
        string?[] => ("text", NpgsqlDbType.Text),
        int?[] => ("integer", NpgsqlDbType.Integer),
        long?[] => ("bigint", NpgsqlDbType.Bigint),
        double?[] => ("double precision", NpgsqlDbType.Double),
        bool[] => ("boolean", NpgsqlDbType.Boolean),
        Guid?[] => ("uuid", NpgsqlDbType.Uuid),
        byte[]?[] => ("bytea", NpgsqlDbType.Bytea),
        _ => throw new NotSupportedException($"A column of {column.Values.GetType()}."),
    };
}
