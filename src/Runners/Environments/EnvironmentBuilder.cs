using System.Text;
using Executor.Tasks;

namespace Executor.Runners.Environments;

/// <summary>
/// Makes a virtual environment and installs packages into it. No code of a package runs here: only wheels are taken, and the pip that
/// unpacks them is never of the environment itself, whose files a package may replace.
/// </summary>
internal sealed class EnvironmentBuilder(RuntimeEnvironmentOptions options)
{
    private readonly IReadOnlyDictionary<string, string> _variables = InstallVariables.Of(options.Variables);

    /// <summary>Builds one.</summary>
    /// <param name="python">The Python it is made of.</param>
    /// <param name="packages">Requirements, spelt canonically.</param>
    /// <param name="folder">An empty folder, which becomes the environment.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellationToken">Stops it; the folder is then half done.</param>
    /// <returns>Its size in bytes.</returns>
    /// <exception cref="RuntimeEnvironmentException">It can't be done.</exception>
    public async Task<long> BuildAsync(string python, IReadOnlyList<string> packages, string folder, InstallProgress progress, CancellationToken cancellationToken)
    {
        string aside = folder + ".pip";
        try
        {
            progress.Log($"a virtual environment of {python}");
            await MakeAsync(python, ["--without-pip", folder], folder, progress, cancellationToken);
            progress.Report(0.1);
            string installer = await FindPipAsync(python, aside, folder, progress, cancellationToken);
            progress.Report(0.2);
            await InstallAsync(installer, packages, folder, progress, cancellationToken);
            return Finish(installer, folder);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new RuntimeEnvironmentException(TaskErrorTypes.RuntimeUnavailable, $"the environment can't be written to {folder}: {failed.Message}", failed);
        }
        finally
        {
            if (Directory.Exists(aside))
            {
                EnvironmentCache.Delete(aside);
            }
        }
    }

    /// <summary>A Python that has pip: the one itself, else an environment that is thrown away afterwards.</summary>
    private async Task<string> FindPipAsync(string python, string aside, string folder, InstallProgress progress, CancellationToken cancellationToken)
    {
        if (await InstallCommand.RunAsync(python, ["-I", "-m", "pip", "--version"], _variables, folder, _ => { }, cancellationToken) == 0)
        {
            return python;
        }

        progress.Log("this Python has no pip; making one to install with");
        await MakeAsync(python, [aside], folder, progress, cancellationToken);
        return EnvironmentLayout.Python(aside);
    }

    private async Task MakeAsync(string python, IReadOnlyList<string> args, string folder, InstallProgress progress, CancellationToken cancellationToken)
    {
        List<string> output = [];
        int exit = await InstallCommand.RunAsync(python, ["-I", "-m", "venv", .. args], _variables, folder, Keep(output, progress), cancellationToken);
        if (exit != 0)
        {
            string said = output.LastOrDefault(line => line.Trim().Length > 0) ?? $"exit code {exit}";
            throw new RuntimeEnvironmentException(
                TaskErrorTypes.RuntimeUnavailable,
                $"{python} can't make virtual environments with pip; install python3-venv or python3-pip (apt-get install -y python3-venv). It said: {said.Trim()}");
        }
    }

    private async Task InstallAsync(string installer, IReadOnlyList<string> packages, string folder, InstallProgress progress, CancellationToken cancellationToken)
    {
        // Its own folder to start in: a name must not meet a file of the server's.
        string start = Directory.CreateDirectory(Path.Join(folder, "tmp-install")).FullName;
        List<string> output = [];
        double done = 0.2;
        Action<string> keep = Keep(output, progress);
        int exit = await InstallCommand.RunAsync(
            installer,
            [
                "-I", "-m", "pip", "install", "--only-binary", ":all:", "--target", EnvironmentLayout.Packages(folder),
                "--no-warn-script-location", "--progress-bar", "off", "--", .. packages,
            ],
            _variables,
            start,
            line =>
            {
                keep(line);
                // How many packages there are is only known at the end: each brings it half as much nearer as the last.
                done = line.StartsWith("Installing collected", StringComparison.Ordinal) ? 0.8
                    : line.StartsWith("Collecting", StringComparison.Ordinal) ? done + ((0.7 - done) / 4)
                    : done;
                progress.Report(done);
            },
            cancellationToken);
        if (exit != 0)
        {
            throw new RuntimeEnvironmentException(TaskErrorTypes.RuntimeEnv, PipFailure.Explain(output));
        }

        Directory.Delete(start);
    }

    private static Action<string> Keep(List<string> output, InstallProgress progress) => line =>
    {
        output.Add(line);
        progress.Log(line);
    };

    /// <summary>Puts the packages' programs where programs are, lets everybody read and nobody else write, and measures.</summary>
    private static long Finish(string installer, string folder)
    {
        string programs = Path.Join(EnvironmentLayout.Packages(folder), "bin");
        foreach (string program in Directory.Exists(programs) ? Directory.GetFiles(programs) : [])
        {
            string target = Path.Join(EnvironmentLayout.Scripts(folder), Path.GetFileName(program));
            if (!Path.Exists(target))
            {
                File.Move(program, target);
                Readdress(target, installer, EnvironmentLayout.Python(folder));
            }
        }

        long size = 0;
        EnumerationOptions all = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }; // no links: lib64 is lib once more
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", all))
        {
            size += (entry as FileInfo)?.Length ?? 0;
            LetRead(entry);
        }

        LetRead(new DirectoryInfo(folder));
        return size;
    }

    /// <summary>A program starts with the path of the Python that installed it; it is to start with the environment's.</summary>
    private static void Readdress(string program, string installer, string python)
    {
        byte[] content = File.ReadAllBytes(program);
        int end = content.AsSpan().StartsWith("#!"u8) ? content.AsSpan().IndexOf((byte)'\n') : -1;
        if (end > 0 && Encoding.UTF8.GetString(content, 2, end - 2).Trim() == installer)
        {
            File.WriteAllBytes(program, [.. Encoding.UTF8.GetBytes($"#!{python}"), .. content.AsSpan(end)]);
        }
    }

    /// <summary>Whoever tasks run as must be able to read, however private the server's own files are, and only the server to write, whatever the umask.</summary>
    private static void LetRead(FileSystemInfo entry)
    {
        const UnixFileMode read = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        const UnixFileMode enter = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const UnixFileMode write = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        UnixFileMode wanted = (entry.UnixFileMode | read | ((entry.UnixFileMode & UnixFileMode.UserExecute) != 0 ? enter : 0)) & ~write;
        if (wanted != entry.UnixFileMode)
        {
            entry.UnixFileMode = wanted;
        }
    }
}
