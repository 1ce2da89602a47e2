using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Executor.Runners.Workspaces;
using Executor.Tasks;

namespace Executor.Runners.Local.Plain;

/// <summary>A folder of the host's temporary directory.</summary>
internal sealed class PlainWorkspace(string directory) : IWorkspace
{
    /// <summary>What the cookies of its processes begin with.</summary>
    private readonly string _cookie = $"{Guid.NewGuid():N}.";

    private readonly ConcurrentDictionary<int, PlainProcess> _running = new();
    private int _lastProcess;
    private volatile bool _hasStarted;

    public string Directory => directory;

    public async Task PutAsync(IReadOnlyList<WorkspaceFile> files, CancellationToken cancellationToken)
    {
        foreach (WorkspaceFile file in files)
        {
            string path = Path.Combine(directory, file.Path);
            try
            {
                System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllBytesAsync(path, file.Content, cancellationToken);
                if (file.Executable && !OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute);
                }
            }
            catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
            {
                throw new RunnerException(TaskErrorTypes.RunnerFailed, $"{file.Path} can't be written to the working directory: {failed.Message}", failed);
            }
        }
    }

    public Task<IRunningProcess> StartAsync(ProcessSpec spec, CancellationToken cancellationToken)
    {
        if (ProgramPath.Find(spec.Argv[0], spec.Env, directory) is not { } program)
        {
            return Task.FromResult<IRunningProcess>(new UnstartedProcess($"{spec.Argv[0]}: not found"));
        }

        IReadOnlyList<string> argv = PosixLimits.Wrap([program, .. spec.Argv.Skip(1)], spec.Limits);
        if (spec.MergeOutput && !OperatingSystem.IsWindows())
        {
            argv = ["/bin/sh", "-c", "exec \"$@\" 2>&1", "sh", .. argv];
        }

        var start = new ProcessStartInfo(argv[0], argv.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory,
        };
        start.Environment.Clear();
        foreach ((string name, string value) in spec.Env)
        {
            start.Environment[name] = value;
        }

        // The host's temporary folder is anybody's: what is read from a home would be, too.
        if (spec.Env.GetValueOrDefault("HOME") == BaseEnvironment.Variables["HOME"])
        {
            start.Environment["HOME"] = directory;
        }

        int number = Interlocked.Increment(ref _lastProcess);
        string cookie = string.Create(CultureInfo.InvariantCulture, $"{_cookie}{number}");
        start.Environment[ProcessTree.CookieVariable] = cookie;
        try
        {
            var process = new PlainProcess(Process.Start(start)!, spec, cookie);
            _hasStarted = true;
            _running[number] = process;
            _ = process.WaitAsync(CancellationToken.None).ContinueWith(
                _ => _running.TryRemove(number, out PlainProcess? _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return Task.FromResult<IRunningProcess>(process);
        }
        catch (Win32Exception failed) when (!HostExhaustion.IsMeantBy(failed))
        {
            return Task.FromResult<IRunningProcess>(new UnstartedProcess($"{spec.Argv[0]}: {failed.Message}"));
        }
    }

    public Task<CollectedFiles> GetAsync(IReadOnlyList<string> patterns, long maxBytes, CancellationToken cancellationToken) =>
        FileCollector.CollectAsync(directory, patterns, maxBytes, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_running.Values.Select(process => process.EndAsync()));
        if (_hasStarted)
        {
            ProcessTree.KillBeginning(_cookie);
        }

        try
        {
            System.IO.Directory.Delete(directory, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // The task removed its own folder.
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            // Unisolated code may leave what we may not remove; the system's temporary folder is the right place for it.
        }
    }
}
