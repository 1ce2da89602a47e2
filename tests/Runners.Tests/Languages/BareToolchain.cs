using System.Diagnostics;
using System.Text;

namespace Executor.Runners.Languages;

/// <summary>The same programs as anybody builds and runs them by hand, with MultiPL-E's options where it has some.</summary>
internal sealed class BareToolchain : IDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(120);
    private readonly TemporaryFolder _folder = new();
    private readonly string _tool;
    private readonly IReadOnlyList<string> _run;

    private BareToolchain(string language)
    {
        _tool = Requirement.Toolchain(language).Path!;
        foreach (string path in Directory.GetFiles(BuiltProgram.FolderOf(language)))
        {
            File.Copy(path, Path.Combine(_folder.Path, Path.GetFileName(path)));
        }

        (Build, _run) = Commands(language);
    }

    private IReadOnlyList<string>? Build { get; }

    public static async Task<BareToolchain> BuildAsync(string language)
    {
        var bare = new BareToolchain(language);
        if (language == "csharp")
        {
            File.WriteAllText(Path.Combine(bare._folder.Path, "main.csproj"), """
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <OutputType>Exe</OutputType>
                    <TargetFramework>net10.0</TargetFramework>
                    <ImplicitUsings>enable</ImplicitUsings>
                    <UseAppHost>false</UseAppHost>
                  </PropertyGroup>
                </Project>
                """);
        }

        if (bare.Build is not null)
        {
            Ended built = await bare.StartAsync(bare.Build);
            Assert.True(built.ExitCode == 0, $"{string.Join(' ', bare.Build)}: {built.Stdout}{built.Stderr}");
        }

        return bare;
    }

    public Task<Ended> RunAsync(string name) => StartAsync([.. _run, name]);

    public void Dispose() => _folder.Dispose();

    private (IReadOnlyList<string>? Build, IReadOnlyList<string> Run) Commands(string language) => language switch
    {
        "bash" => (null, [_tool, "main.sh"]),
        "c" => ([_tool, "main.c", "two.c", "-o", "main", "-lm"], ["./main"]),
        "cpp" => ([_tool, "-std=c++20", "main.cpp", "two.cpp", "-o", "main"], ["./main"]),
        "csharp" => ([_tool, "build", "main.csproj", "-o", "out", "--nologo", "-v:q", "-nodeReuse:false", "-p:UseSharedCompilation=false"], [_tool, "out/main.dll"]),
        "go" => ([_tool, "build", "-o", "main", "main.go", "two.go"], ["./main"]),
        "java" => ([_tool, "-encoding", "UTF8", "-d", ".", "Main.java", "Two.java"], [Path.Combine(Path.GetDirectoryName(_tool)!, "java"), "-ea", "-cp", ".", "Main"]),
        "node" => (null, [_tool, "main.js"]),
        "perl" => (null, [_tool, "main.pl"]),
        "php" => (null, [_tool, "-n", "-d", "display_errors=stderr", "main.php"]),
        "ruby" => (null, [_tool, "main.rb"]),
        "rust" => ([_tool, "main.rs", "-o", "main"], ["./main"]),
        _ => throw new ArgumentOutOfRangeException(nameof(language)),
    };

    private Task<Ended> StartAsync(IReadOnlyList<string> command)
    {
        string program = command[0].StartsWith("./", StringComparison.Ordinal) ? Path.Combine(_folder.Path, command[0][2..]) : command[0];
        var start = new ProcessStartInfo(program, command.Skip(1))
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        return Ended.OfAsync(start, "", TimeLimit);
    }
}
