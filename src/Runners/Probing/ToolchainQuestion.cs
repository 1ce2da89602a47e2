namespace Executor.Runners.Probing;

/// <summary>How a shim is asked what it stands for.</summary>
/// <param name="Args">Arguments that make it tell.</param>
/// <param name="Read">Makes an installation of the answer; null when it is of no use.</param>
internal sealed record ToolchainQuestion(IReadOnlyList<string> Args, Func<ProbeCommand, Installation?> Read)
{
    /// <summary>By runtime family; null where asking isn't possible.</summary>
    public static ToolchainQuestion? For(string family) => family switch
    {
        "python" => new(["-I", "-c", "import sys; print(sys.executable, sys.prefix, sys.base_prefix, sep='\\n') if sys.version_info[0] == 3 else sys.exit('it is Python 2')"], Said),
        "node" => new(["-p", "process.execPath"], Said),
        "ruby" => new(["-rrbconfig", "-e", "puts RbConfig.ruby, RbConfig::CONFIG['prefix']"], Said),
        "perl" => new(["-MConfig", "-e", "print qq($^X\\n$Config{prefix}\\n)"], Said),
        "php" => new(["-r", "echo PHP_BINARY;"], Said),
        "rust" => new(["--print", "sysroot"], answer => InPrefix(answer.Output.Trim(), "rustc")),
        "go" => new(["env", "GOROOT"], answer => InPrefix(answer.Output.Trim(), "go")),
        "java" => new(["-J-XshowSettings:properties", "-version"], Java),
        _ => null,
    };

    /// <summary>The first line is the program, the others prefixes.</summary>
    private static Installation? Said(ProbeCommand answer) =>
        answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [string path, .. string[] prefixes]
        && Path.IsPathRooted(path)
            ? new Installation(path, [.. SystemFolders.ForBinary(LinkTrail.Follow(path).Real), .. prefixes.SelectMany(SystemFolders.ForPrefix)])
            : null;

    private static Installation? InPrefix(string prefix, string program) => Path.IsPathRooted(prefix)
        ? new Installation(Path.Join(prefix, "bin", program), [.. SystemFolders.ForPrefix(prefix)])
        : null;

    private static Installation? Java(ProbeCommand answer)
    {
        const string Home = "java.home = ";
        string? line = answer.Error.Split('\n').FirstOrDefault(line => line.Contains(Home, StringComparison.Ordinal));
        string home = line is null ? "" : line[(line.IndexOf(Home, StringComparison.Ordinal) + Home.Length)..].Trim();
        return InPrefix(home, "javac") is Installation jdk ? jdk with { Folders = [.. jdk.Folders, .. JavaHome.FoldersOf(home)] } : null;
    }
}
