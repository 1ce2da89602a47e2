using Executor.Storage.Sql.Rows;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Executor.Storage.Sql.Sqlite;

/// <summary>
/// A prepared statement that is executed for many rows. Below ADO.NET, whose named, boxed parameters cost more than SQLite's own work.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        Check(raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    /// <summary>Executes it for each row.</summary>
    public void Execute(IReadOnlyList<Column> columns)
    {
        int rows = columns[0].Values.Length;
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < columns.Count; i++)
            {
                Check(Bind(i + 1, columns[i].Values, row));
            }

            int step = raw.sqlite3_step(_statement);
            int reset = raw.sqlite3_reset(_statement);
            Check(step == raw.SQLITE_DONE ? reset : step);
        }

        // Large values are not to be held until the next use.
        raw.sqlite3_clear_bindings(_statement);
    }

    public void Dispose() => _statement.Dispose();

    private int Bind(int parameter, Array values, int row) => values switch
    {
        string?[] texts => texts[row] is string text ? raw.sqlite3_bind_text(_statement, parameter, text) : Null(parameter),
        int?[] numbers => numbers[row] is int number ? raw.sqlite3_bind_int(_statement, parameter, number) : Null(parameter),
        long?[] numbers => numbers[row] is long number ? raw.sqlite3_bind_int64(_statement, parameter, number) : Null(parameter),
        double?[] numbers => numbers[row] is double number ? raw.sqlite3_bind_double(_statement, parameter, number) : Null(parameter),
        bool[] flags => raw.sqlite3_bind_int(_statement, parameter, flags[row] ? 1 : 0),
        Guid?[] ids => ids[row] is Guid id ? raw.sqlite3_bind_text(_statement, parameter, id.ToString()) : Null(parameter),
        byte[]?[] blobs => blobs[row] is byte[] blob ? raw.sqlite3_bind_blob(_statement, parameter, blob) : Null(parameter),
        _ => throw new NotSupportedException($"A column of {values.GetType()}."),
    };

    private int Null(int parameter) => raw.sqlite3_bind_null(_statement, parameter);

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, _database);
}
