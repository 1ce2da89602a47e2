using System.Data.Common;

namespace Executor.Storage.Sql.Databases;

/// <summary>Commands with named parameters.</summary>
internal static class CommandExtensions
{
    public static DbCommand CreateCommand(this DbConnection connection, string sql)
    {
        DbCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // SQL is built from this project's own constants; what callers give is in parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    public static DbCommand With(this DbCommand command, string name, object value)
    {
        DbParameter parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
        return command;
    }

    public static async Task<List<T>> ReadAllAsync<T>(this DbCommand command, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        List<T> rows = [];
        await using DbDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
