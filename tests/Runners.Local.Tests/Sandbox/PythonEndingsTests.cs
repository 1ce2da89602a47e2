using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Executor.Runners.Workspaces;
using Executor.Tasks;

namespace Executor.Runners.Local.Tests.Sandbox;

/// <summary>
/// A warm program ends as it does on the interpreter itself, byte for byte: what it prints, with what it ends, and what is in its files.
/// Programs are what can be left at the end (<c>kinds.txt</c>) by ways to get there (<c>ends.txt</c>).
/// </summary>
public sealed partial class PythonEndingsTests : IAsyncLifetime
{
    /// <summary>Of the ways to end, each kind is tried with every so many.</summary>
    private const int Stride = 4;

    private const string Helper = """
        out = open(1, "w", buffering=1 << 16, closefd=False)
        class D:
            def __del__(self): print("helper gone")
        d = D()

        """;

    private static readonly Dictionary<string, TaskFile> Files = new() { ["helper.py"] = new() { Content = Helper } };
    private readonly LocalRunner _warm = LocalRunner.Sandboxed();
    private readonly LocalRunner _cold = LocalRunner.Cold();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _warm.DisposeAsync();
        await _cold.DisposeAsync();
    }

    [Fact]
    public async Task Programs_end_as_on_the_interpreter_itself()
    {
        string python = (await _warm.RunAsync(Program("import sys; print(sys.executable)"))).Stdout.Trim();
        (string Name, string Code)[] programs = [.. Programs()];
        Assert.InRange(programs.Length, 300, 500);
        var different = new List<string>();
        await Parallel.ForEachAsync(programs, new ParallelOptions { MaxDegreeOfParallelism = 6 }, async (program, cancellationToken) =>
        {
            string warm = Describe(await _warm.RunAsync(Program(program.Code), cancellationToken: cancellationToken));
            string plain = await RunPlainAsync(python, program.Code, cancellationToken);
            if (warm != plain && await DiffersFromColdAsync(program.Code, warm) is { } cold)
            {
                lock (different)
                {
                    different.Add($"{program.Name}\n--- warm\n{warm}\n--- cold\n{cold}\n--- python itself\n{plain}");
                }
            }
        });

        Assert.True(different.Count == 0, $"{different.Count} of {programs.Length}:\n{string.Join("\n\n", different.Take(5))}");
    }

    /// <summary>Inside the sandbox some things are others than outside; and what differs from itself says nothing.</summary>
    private async Task<string?> DiffersFromColdAsync(string code, string warm)
    {
        string cold = Describe(await _cold.RunAsync(Program(code)));
        return warm == cold || cold != Describe(await _cold.RunAsync(Program(code))) ? null : cold;
    }

    private static TaskSpec Program(string code) => new()
    {
        Language = "python",
        Code = code,
        Files = Files,
        Artifacts = ["*"],
        Limits = new() { MemoryMb = 512, Pids = 128 },
    };

    /// <summary>
    /// What the kinds with a star say depends on the order in which a collection meets objects, and that on when the module that threads need
    /// was loaded.
    /// </summary>
    private static IEnumerable<(string Name, string Code)> Programs()
    {
        (string Name, string Code)[] kinds = [.. Sections("kinds")], ends = [.. Sections("ends")];
        return from kind in Enumerable.Range(0, kinds.Length)
               from end in Enumerable.Range(0, ends.Length)
               where (kind + end) % Stride == 0 && !(kinds[kind].Name.EndsWith('*') && ends[end].Name.Contains("thread", StringComparison.Ordinal))
               select ($"{kinds[kind].Name}; {ends[end].Name}", Place(kinds[kind].Code, ends[end].Code));
    }

    private static IEnumerable<(string Name, string Code)> Sections(string file)
    {
        using var reader = new StreamReader(typeof(PythonEndingsTests).Assembly.GetManifestResourceStream($"Endings.{file}")!);
        foreach (string section in reader.ReadToEnd().Split("=== ", StringSplitOptions.RemoveEmptyEntries))
        {
            int line = section.IndexOf('\n', StringComparison.Ordinal);
            yield return (section[..line], section[(line + 1)..].TrimEnd('\n'));
        }
    }

    private static string Place(string kind, string end)
    {
        string line = end.Split('\n').Single(text => text.Trim() == "{kind}");
        return end.Replace(line, string.Join('\n', kind.Split('\n').Select(text => line[..line.IndexOf('{', StringComparison.Ordinal)] + text)), StringComparison.Ordinal) + "\n";
    }

    private static string Describe(TaskResult result) => Describe(
        result.ExitCode ?? -1,
        result.Stdout,
        result.Stderr,
        (result.Artifacts ?? new Dictionary<string, TaskFile>()).ToDictionary(file => file.Key, file => file.Value.ToBytes()));

    private static async Task<string> RunPlainAsync(string python, string code, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("endings-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "main.py"), code, cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "helper.py"), Helper, cancellationToken);
            var start = new ProcessStartInfo(python, ["main.py"])
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = Encoding.UTF8,
                StandardErrorEncoding = Encoding.UTF8,
            };
            start.Environment.Clear();
            foreach ((string name, string value) in BaseEnvironment.Variables)
            {
                start.Environment[name] = value;
            }

            start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> stdout = process.StandardOutput.ReadToEndAsync(cancellationToken), stderr = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            Dictionary<string, byte[]> files = folder.GetFiles().ToDictionary(file => file.Name, file => File.ReadAllBytes(file.FullName));
            return Describe(process.ExitCode, await stdout, await stderr, files).Replace(folder.FullName, "/work", StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Describe(int exitCode, string stdout, string stderr, Dictionary<string, byte[]> files)
    {
        var text = new StringBuilder().Append("exit code ").Append(exitCode).Append("\n--- stdout\n").Append(stdout).Append("\n--- stderr\n").Append(stderr);
        foreach ((string name, byte[] content) in files.Where(file => file.Key is not ("main.py" or "helper.py")).OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            text.Append("\n--- ").Append(name).Append('\n').Append(Encoding.Latin1.GetString(content));
        }

        return OfOneRun().Replace(text.ToString(), "N");
    }

    /// <summary>Addresses, identities of threads, numbers of processes and descriptors, names of temporary files.</summary>
    [GeneratedRegex(@"0x[0-9a-f]{6,}|\d{10,}|(?<=fd=)\d+|(?<=[lr]addr=)[^,)>]*|/tmp/tmp\w{8}|(?<=subprocess )\d+|(?<=pid=)\d+")]
    private static partial Regex OfOneRun();
}
