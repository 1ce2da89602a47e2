using System.Diagnostics;

namespace Executor.Testing;

/// <summary>
/// What any user can leave in the machine's temporary folder for programs whose home that is: code that Python runs when it starts, and a package of Node's. It
/// tells that it ran only to this test, does nothing else, and is removed again.
/// </summary>
public sealed class SharedHome : IDisposable
{
    private const string Home = "/tmp";

    private readonly TemporaryFolder _told = new();
    private readonly Stack<string> _made = new();
    private readonly SortedSet<string> _left = new(StringComparer.Ordinal);

    /// <param name="mark">How a variable of the programs that are meant begins.</param>
    /// <param name="pythons">The interpreters that code is left for.</param>
    public SharedHome(string mark, params string[] pythons)
    {
        Mark = mark;
        Modes.Set(_told.Path, (UnixFileMode)0b111_111_111);
        Write("node", $".node_modules/{Package}/index.js", $"require('fs').writeFileSync('{_told.Path}/node', '');\n");
        foreach (string version in pythons.Select(Version).Distinct())
        {
            string packages = $".local/lib/python{version}/site-packages";
            Write("pth", $"{packages}/{Package}.pth", Tell("pth"));
            Write("module", $"{packages}/{Package}.py", Tell("module"));
            Write("usercustomize", $"{packages}/usercustomize.py", Tell("usercustomize"));
        }
    }

    /// <summary>How a variable of the programs that are meant begins.</summary>
    public string Mark { get; }

    /// <summary>The name of the package.</summary>
    public string Package { get; } = $"executor_test_{Guid.NewGuid():N}";

    /// <summary>What was left, by kind; not what another test has there at the same time.</summary>
    public IEnumerable<string> Left => _left;

    /// <summary>What of it has run, by kind.</summary>
    public string[] Ran => [.. Directory.EnumerateFiles(_told.Path).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    /// <summary>Starts a program with this home, and forgets what it ran.</summary>
    /// <returns>What that was: it is there to be run.</returns>
    public async Task<string[]> TryAsync(string program, params string[] args)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, args) { WorkingDirectory = "/", Environment = { ["HOME"] = Home, ["MARK"] = Mark } })!;
        await process.WaitForExitAsync();
        string[] ran = Ran;
        Array.ForEach(ran, name => File.Delete(_told.At(name)));
        return ran;
    }

    public void Dispose()
    {
        while (_made.TryPop(out string? path))
        {
            if (File.Exists(path))
            {
                File.Delete(path);
            }
            else if (Path.GetFileName(path) == "site-packages" && Directory.Exists(Path.Combine(path, "__pycache__")))
            {
                Directory.Delete(Path.Combine(path, "__pycache__"), recursive: true);
                Remove(path);
            }
            else
            {
                Remove(path);
            }
        }

        _told.Dispose();
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder);
        }
        catch (IOException)
        {
            // Somebody else has something in it.
        }
    }

    private static string Version(string python)
    {
        using Process process = Process.Start(new ProcessStartInfo(python, ["-I", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]) { RedirectStandardOutput = true })!;
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return said.Trim();
    }

    private string Tell(string name) =>
        $"import os; any(value.startswith('{Mark}') for value in os.environ.values()) and open('{_told.Path}/{name}', 'w').close()\n";

    private void Write(string kind, string name, string content)
    {
        string path = Path.Combine(Home, name);
        try
        {
            MakeFolder(Path.GetDirectoryName(path)!);
            if (File.Exists(path))
            {
                return; // another test's
            }

            using StreamWriter writer = new(new FileStream(path, FileMode.CreateNew));
            writer.Write(content);
            _made.Push(path);
            _left.Add(kind);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            Requirement.Check($"{path} can't be made: {failed.Message}");
        }
    }

    private void MakeFolder(string folder)
    {
        if (folder == Home)
        {
            return;
        }

        MakeFolder(Path.GetDirectoryName(folder)!);
        Directory.CreateDirectory(folder);
        if (!_made.Contains(folder))
        {
            _made.Push(folder);
        }
    }
}
