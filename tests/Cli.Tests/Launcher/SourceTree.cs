namespace Executor.Cli.Launcher;

/// <summary>
/// A source tree with the launcher and the build files of this one, and a program that is small enough to be built again and again; the
/// launcher was started in it once.
/// </summary>
public sealed class SourceTree : IAsyncLifetime
{
    public const string Version = "0.1.0\n";

    private readonly TemporaryFolder _folder = new();

    public string Root => _folder.At("tree");

    public string Launcher => Path.Combine(Root, "executor");

    public string Elsewhere => _folder.Path;

    /// <summary>What the very first start gave.</summary>
    internal CliOutput FirstStart { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        foreach (string file in (string[])["executor", "Directory.Build.props", "Directory.Packages.props", "global.json", "src/ReadyToRun/ReadyToRun.proj"])
        {
            string copy = Path.Combine(Root, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(Repository.Root, file), copy);
        }

        Write("src/Cli/Executor.Cli.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <AssemblyName>executor</AssemblyName>
              </PropertyGroup>
            </Project>
            """);
        Write("src/Cli/Program.cs", """
            Console.Error.Write(args is ["read"] ? "aside" : "");
            Console.WriteLine(args is ["read"] ? $"'{Console.In.ReadToEnd()}'" : typeof(Program).Assembly.GetName().Version!.ToString(3));
            """);
        FirstStart = await StartAsync("--version");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Starts the launcher in the root.</summary>
    internal Task<CliOutput> StartAsync(params string[] args) => CliProcess.RunProgramAsync(Launcher, args, Root);

    public void Write(string path, string content)
    {
        string full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
    }
}
