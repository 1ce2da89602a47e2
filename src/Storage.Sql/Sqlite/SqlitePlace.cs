using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Executor.Storage.Sql.Sqlite;

/// <summary>
/// Where a connection's file and its write-ahead log were when it was opened. A file that has been deleted, moved or replaced goes on taking writes that
/// nobody will find; this tells.
/// </summary>
internal sealed partial class SqlitePlace
{
    private const int HasMoved = 20;
    private const int CurrentFolder = -100;
    private const uint WantInode = 0x100;
    private const int InodeAt = 32;
    private const int DeviceAt = 136;

    private readonly SqliteConnection _connection;
    private readonly string _log;
    private readonly (ulong Inode, ulong Device)? _logFile;

    private SqlitePlace(SqliteConnection connection)
    {
        _connection = connection;
        _log = $"{connection.DataSource}-wal";
        _logFile = FileAt(_log);
    }

    /// <summary>Of a connection that has read something, so that its log is open.</summary>
    public static SqlitePlace Of(SqliteConnection connection) => new(connection);

    /// <summary>Requires both files to be where they were.</summary>
    /// <exception cref="StorageException">They are not.</exception>
    public void Require()
    {
        if (FileControl(_connection.Handle!, "main", HasMoved, out int hasMoved) == raw.SQLITE_OK && hasMoved != 0)
        {
            throw Gone(_connection.DataSource, "the database's file has been deleted, moved or replaced");
        }

        if (_logFile is not null && FileAt(_log) != _logFile)
        {
            throw Gone(_log, "the database's write-ahead log has been deleted, moved or replaced");
        }
    }

    private static StorageException Gone(string path, string cause) => new($"SQLite could not use {path}: {cause}.", isTransient: true) { Cause = cause };

    /// <summary>Which file is at a path; null: none, or it can't be told on this system.</summary>
    private static (ulong Inode, ulong Device)? FileAt(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        Span<byte> answer = stackalloc byte[256];
        try
        {
            return Stat(CurrentFolder, path, 0, WantInode, answer) == 0
                ? (BinaryPrimitives.ReadUInt64LittleEndian(answer[InodeAt..]), BinaryPrimitives.ReadUInt64LittleEndian(answer[DeviceAt..]))
                : null;
        }
        catch (EntryPointNotFoundException)
        {
            // An old C library.
            return null;
        }
    }

    // What SQLitePCL leaves out.
    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int FileControl(sqlite3 database, string name, int operation, out int answer);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(int folder, string path, int flags, uint mask, Span<byte> answer);
}
