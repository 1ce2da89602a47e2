using Xunit.Sdk;
using Xunit.v3;

namespace Executor.Testing;

/// <summary>
/// What every test assembly starts and ends with: variables of Executor's own that this shell happens to have are not there, and
/// temporary files are in a folder that goes.
/// </summary>
public sealed class CleanEnvironment : ITestPipelineStartup
{
    /// <summary>Variables that are for the tests themselves.</summary>
    private static readonly string[] Kept = ["EXECUTOR_HUMANEVAL", "EXECUTOR_FAULT_TASKS", "EXECUTOR_TEST_PROGRAMS"];

    private string? _folder;

    /// <inheritdoc/>
    public ValueTask StartAsync(IMessageSink diagnosticMessageSink)
    {
        foreach (string name in Environment.GetEnvironmentVariables().Keys.Cast<string>().ToList())
        {
            if (name.StartsWith("EXECUTOR_", StringComparison.Ordinal) && !Kept.Contains(name))
            {
                Environment.SetEnvironmentVariable(name, null);
            }
        }

        // Programs that tests kill would leave the runtime's own sockets and pipes in the temporary folder.
        Environment.SetEnvironmentVariable("DOTNET_EnableDiagnostics", "0");
        if (!OperatingSystem.IsWindows())
        {
            // Its name is short: paths of sockets are in it. Others than whoever runs the tests need it, too: servers, users that tests become.
            _folder = Path.Combine(Path.GetTempPath(), $"xt-{Environment.ProcessId}");
            Directory.CreateDirectory(_folder);
            File.SetUnixFileMode(_folder, (UnixFileMode)0b001_111_111_111);
            Environment.SetEnvironmentVariable("TMPDIR", _folder);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask StopAsync()
    {
        if (_folder is not null)
        {
            string[] left = [.. Directory.EnumerateFileSystemEntries(_folder).Select(path => Path.GetFileName(path)!)];
            Environment.SetEnvironmentVariable("TMPDIR", null);
            Directory.Delete(_folder, recursive: true);
            if (left.Length > 0)
            {
                Console.Error.WriteLine($"tests left in the temporary folder: {string.Join(", ", left.Take(20))}{(left.Length > 20 ? ", …" : "")}");
            }
        }

        return ValueTask.CompletedTask;
    }
}
