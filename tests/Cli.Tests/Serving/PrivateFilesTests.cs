using System.Diagnostics;

namespace Executor.Cli.Serving;

/// <summary>What a server keeps is its user's alone, whatever the umask.</summary>
public sealed class PrivateFilesTests : IDisposable
{
    private const UnixFileMode Folder = (UnixFileMode)0b111_000_000;
    private const UnixFileMode File = (UnixFileMode)0b110_000_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Folders_and_files_that_are_made_are_closed_to_others()
    {
        string data = _folder.At("state/data"), logs = _folder.At("logs");
        Modes.Set(_folder.Path, (UnixFileMode)0b111_101_101);
        await using ServerProcess server = await StartAsync(data, logs);
        await RunTaskAsync(server);

        Assert.Equal(["executor.db", "executor.db-shm", "executor.db-wal", "executor.db.lock", "server.lock"], Names(data));
        Assert.Equal(["main.log"], Names(logs));
        Assert.All([Path.GetDirectoryName(data)!, data, logs], folder => Assert.Equal(Folder, Modes.Of(folder)));
        Assert.All(Directory.GetFiles(data).Concat(Directory.GetFiles(logs)), file => Assert.Equal(File, Modes.Of(file)));
        if (Environment.IsPrivilegedProcess)
        {
            Assert.NotEqual(0, await ReadAsNobodyAsync(Path.Combine(data, "executor.db")));
            Assert.NotEqual(0, await ReadAsNobodyAsync(Path.Combine(logs, "main.log")));
        }

        Assert.Equal(0, await server.StopAsync());
    }

    [Fact]
    public async Task Folder_that_is_there_stays_as_it_is_and_what_is_made_in_it_is_closed_to_others()
    {
        string data = Directory.CreateDirectory(_folder.At("data")).FullName, logs = Directory.CreateDirectory(_folder.At("logs")).FullName;
        const UnixFileMode chosen = (UnixFileMode)0b111_101_101;
        Array.ForEach([_folder.Path, data, logs], folder => Modes.Set(folder, chosen));
        await using ServerProcess server = await StartAsync(data, logs);
        await RunTaskAsync(server);

        Assert.All([data, logs], folder => Assert.Equal(chosen, Modes.Of(folder)));
        Assert.All(Directory.GetFiles(data).Concat(Directory.GetFiles(logs)), file => Assert.Equal(File, Modes.Of(file)));
        if (Environment.IsPrivilegedProcess)
        {
            Assert.NotEqual(0, await ReadAsNobodyAsync(Path.Combine(data, "executor.db")));
            Assert.NotEqual(0, await ReadAsNobodyAsync(Path.Combine(data, "executor.db-wal")));
        }

        Assert.Equal(0, await server.StopAsync());
    }

    private static string[] Names(string folder) => [.. Directory.GetFiles(folder).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    private static async Task RunTaskAsync(ServerProcess server)
    {
        await server.SubmitAsync([new { task_id = "one", command = new[] { "true" }, use_sandbox = false }]);
        Assert.Equal("COMPLETED", (await server.ResultAsync("one")).GetProperty("status").GetString());
    }

    /// <returns>The exit code of reading it.</returns>
    private static async Task<int> ReadAsNobodyAsync(string path)
    {
        using Process reader = Process.Start(new ProcessStartInfo("setpriv", ["--reuid", "65534", "--regid", "65534", "--clear-groups", "cat", path])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await reader.WaitForExitAsync();
        return reader.ExitCode;
    }

    private Task<ServerProcess> StartAsync(string data, string logs)
    {
        string configuration = _folder.Write("config.yaml", $"logging:\n  main:\n    file: {logs}/main.log\n    file_level: debug\n");
        return ServerProcess.StartWithoutUmaskAsync(data, new Dictionary<string, string> { ["EXECUTOR_CONFIG"] = configuration });
    }
}
