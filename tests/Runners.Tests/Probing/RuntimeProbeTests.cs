using System.Diagnostics;
using Executor.Runtimes;

namespace Executor.Runners.Probing;

public sealed class RuntimeProbeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Missing_toolchain_is_told_with_how_to_get_it()
    {
        ProbeResult go = await Probe(_folder.Path).FindAsync(Runtime("go"), null, CancellationToken.None);

        Assert.False(go.Found);
        Assert.Null(go.Path);
        Assert.Equal("go: not found on PATH", go.Problem);
        Assert.Contains("golang-go", go.InstallHint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_interpreter_that_is_not_there_is_told()
    {
        string plain = _folder.Write("text");
        RuntimeProbe probe = Probe(_folder.Path);

        ProbeResult absent = await probe.FindAsync(Runtime("python"), "/no/such/python3", CancellationToken.None);
        ProbeResult unusable = await probe.FindAsync(Runtime("python"), plain, CancellationToken.None);

        Assert.Equal("'/no/such/python3' does not exist", absent.Problem);
        Assert.Equal($"'{plain}' is not an executable file", unusable.Problem);
    }

    [Fact]
    public async Task Toolchain_that_appears_later_is_found_then()
    {
        RuntimeProbe probe = Probe(_folder.Path);
        ProbeResult before = await probe.FindAsync(Runtime("bash"), null, CancellationToken.None);
        _folder.Write("bash", "#!/bin/sh\n", executable: true);

        ProbeResult after = await probe.FindAsync(Runtime("bash"), null, CancellationToken.None);

        Assert.False(before.Found);
        Assert.Equal(Path.Join(_folder.Path, "bash"), after.Path);
    }

    [Fact]
    public async Task Shim_that_fails_gives_way_to_the_next_on_path()
    {
        string bad = Path.GetDirectoryName(_folder.Write("one/node", "#!/bin/sh\necho 'no version is set' >&2\nexit 1\n", executable: true))!;
        string real = _folder.Write("tool/bin/real-node", "x", executable: true);
        string good = Path.GetDirectoryName(_folder.Write("two/node", $"#!/bin/sh\necho {real}\n", executable: true))!;

        ProbeResult second = await Probe($"{bad}:{good}").FindAsync(Runtime("node"), null, CancellationToken.None);
        ProbeResult none = await Probe(bad).FindAsync(Runtime("node"), null, CancellationToken.None);

        Assert.Equal(real, second.Path);
        Assert.Equal([Path.Join(_folder.Path, "tool")], second.ReadOnlyPaths);
        Assert.Equal($"'{bad}/node' can't be used: no version is set", none.Problem);
    }

    [Fact]
    public async Task Pyenv_shim_is_seen_through_without_starting_it()
    {
        string started = Path.Join(_folder.Path, "started");
        string shims = Path.GetDirectoryName(_folder.Write("pyenv/shims/python3", $"#!/bin/sh\n# pyenv\ntouch {started}; exit 1\n", executable: true))!;
        string python = FakePython("pyenv/versions/3.12.1");
        FakePython("pyenv/versions/3.9.9");
        _folder.Write("pyenv/version", "3.9.9\n");
        _folder.Write("project/.python-version", "# ours\n3.12.1\n");
        Directory.CreateDirectory(Path.Join(_folder.Path, "project/deep"));

        ProbeResult found = await Probe(shims, folder: Path.Join(_folder.Path, "project/deep")).FindAsync(Runtime("python"), null, CancellationToken.None);

        Assert.Equal(python, found.Path);
        Assert.Equal([Path.Join(_folder.Path, "pyenv/versions/3.12.1")], found.ReadOnlyPaths);
        Assert.False(File.Exists(started));
    }

    [Fact]
    public async Task Link_out_of_the_system_is_followed_and_its_folder_shown()
    {
        string real = FakePython("opt/py");
        Directory.CreateDirectory(Path.Join(_folder.Path, "links"));
        File.CreateSymbolicLink(Path.Join(_folder.Path, "links/python3"), Path.Join(_folder.Path, "opt/py/bin/python3"));

        ProbeResult found = await Probe(Path.Join(_folder.Path, "links")).FindAsync(Runtime("python"), null, CancellationToken.None);

        Assert.Equal(real, found.Path);
        Assert.Equal([Path.Join(_folder.Path, "opt/py")], found.ReadOnlyPaths);
    }

    [Fact]
    public async Task Virtual_environment_stays_one_and_shows_its_base()
    {
        Requirement.Toolchain("python");
        ProbeResult own = await RuntimeProbe.Shared.FindAsync(RuntimeCatalog.BuiltIn.Find("python")!, null, CancellationToken.None);
        string environment = Path.Join(_folder.Path, "venv");
        using (Process made = Process.Start(own.Path!, ["-m", "venv", "--without-pip", environment]))
        {
            await made.WaitForExitAsync();
        }

        string python = Path.Join(environment, "bin/python");
        ProbeResult found = await Probe(_folder.Path).FindAsync(Runtime("python"), python, CancellationToken.None);

        Assert.Equal(python, found.Path);
        Assert.Contains(environment, found.ReadOnlyPaths);
        Assert.Superset(own.ReadOnlyPaths.ToHashSet(), found.ReadOnlyPaths.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(BuiltInLanguages.All), MemberType = typeof(BuiltInLanguages))]
    public async Task Found_toolchain_tells_its_version_and_can_be_read(string runtime)
    {
        Requirement.Toolchain(runtime);
        ProbeResult found = await RuntimeProbe.Shared.FindWithVersionAsync(Runtime(runtime), null, CancellationToken.None);

        Assert.True(found.Found, found.Problem);
        Assert.True(File.Exists(found.Path));
        Assert.Matches(@"^\d+\.\d+", found.Version);
        Assert.All(found.ReadOnlyPaths, path => Assert.True(Directory.Exists(path), path));
        Assert.DoesNotContain(found.ReadOnlyPaths, path => path is "/" or "/root" or "/home" or "/etc" or "/opt");
        Assert.True(
            new[] { "/usr/", "/bin/" }.Concat(found.ReadOnlyPaths).Any(root => found.Path!.StartsWith(root, StringComparison.Ordinal)),
            $"{found.Path} is in none of {string.Join(' ', found.ReadOnlyPaths)}");
    }

    [Fact]
    public async Task Second_search_is_the_first_ones_result()
    {
        Requirement.Toolchain("python");
        ProbeResult first = await RuntimeProbe.Shared.FindAsync(Runtime("python"), null, CancellationToken.None);

        Assert.Same(first, await RuntimeProbe.Shared.FindAsync(Runtime("python"), null, CancellationToken.None));
        Assert.Null(first.Version);
    }

    private static RuntimeDefinition Runtime(string name) => RuntimeCatalog.BuiltIn.Find(name)!;

    private RuntimeProbe Probe(string path, string? folder = null) =>
        new(new Dictionary<string, string> { ["PATH"] = path, ["HOME"] = _folder.Path }, folder ?? _folder.Path);

    /// <summary>What a Python looks like from outside: a machine-code file, a link to it, a standard library.</summary>
    private string FakePython(string prefix)
    {
        string binary = _folder.Write($"{prefix}/bin/python3.12", "\u007fELF and more", executable: true);
        File.CreateSymbolicLink(Path.Join(Path.GetDirectoryName(binary), "python3"), "python3.12");
        _folder.Write($"{prefix}/lib/python3.12/os.py");
        return binary;
    }
}
