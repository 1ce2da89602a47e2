namespace Executor.Cli.Launcher;

/// <summary>
/// A copy of the source tree, without what was built, to which a project was added that only edition Full has and that needs a
/// package which is nowhere to be had; the launcher was started in it once.
/// </summary>
public sealed class SourceTreeCopy : IAsyncLifetime, IDisposable
{
    public const string MissingPackage = "Executor.No.Such.Package";

    private readonly TemporaryFolder _folder = new();

    public string Root => _folder.At("tree");

    public string Launcher => Path.Combine(Root, "executor");

    public string Elsewhere => _folder.Path;

    /// <summary>What the very first start gave.</summary>
    internal CliOutput FirstStart { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Copy(FindRoot(), Root);
        // Only what this machine has: a package that is missing here is missing everywhere.
        Write("NuGet.config", "<configuration><packageSources><clear /></packageSources></configuration>");
        Write("src/Extra/Executor.Extra.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <ItemGroup>
                <PackageReference Include="{MissingPackage}" VersionOverride="1.2.3" />
              </ItemGroup>
            </Project>
            """);
        Write("src/Extra/Extra.cs", "namespace Executor.Extra; public static class Extra { public static int Value => No.Such.Thing; }");
        Write("tests/Extra.Tests/Executor.Extra.Tests.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <ItemGroup>
                <PackageReference Include="Microsoft.NET.Test.Sdk" />
                <PackageReference Include="xunit" />
                <ProjectReference Include="..\..\src\Extra\Executor.Extra.csproj" />
              </ItemGroup>
            </Project>
            """);
        Write("tests/Extra.Tests/ExtraTests.cs", "public class ExtraTests { [Xunit.Fact] public void Fails() => Xunit.Assert.Equal(1, Executor.Extra.Extra.Value); }");
        // A project of both editions that uses it where it is there.
        Replace("src/Cli/Executor.Cli.csproj", "</Project>", """<ItemGroup><ProjectReference Include="..\Extra\Executor.Extra.csproj" /></ItemGroup></Project>""");
        Write("src/Cli/Full/UsesExtra.cs", "namespace Executor.Cli; internal static class UsesExtra { public static int Value => Executor.Extra.Extra.Value; }");
        Replace("Editions.props", "<FullOnlyProjects>", "<FullOnlyProjects>\n      Executor.Extra\n      Executor.Extra.Tests");
        CliOutput added = await CliProcess.RunProgramAsync(
            "dotnet", ["sln", "Executor.sln", "add", "src/Extra/Executor.Extra.csproj", "tests/Extra.Tests/Executor.Extra.Tests.csproj"], Root);
        Assert.Equal(0, added.ExitCode);
        FirstStart = await StartAsync("--version");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public void Dispose() => _folder.Dispose();

    /// <summary>Starts the launcher in the root, with nothing decided by a variable.</summary>
    internal Task<CliOutput> StartAsync(params string[] args) => StartAsync(Root, Launcher, args);

    internal static Task<CliOutput> StartAsync(string folder, string launcher, params string[] args) =>
        CliProcess.RunProgramAsync("env", ["-u", "EXECUTOR_EDITION", "EXECUTOR_CONFIG=", launcher, .. args], folder);

    public void Write(string path, string content)
    {
        string full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
    }

    public void Replace(string path, string old, string replacement)
    {
        string full = Path.Combine(Root, path);
        string before = File.ReadAllText(full);
        Assert.Contains(old, before, StringComparison.Ordinal);
        File.WriteAllText(full, before.Replace(old, replacement, StringComparison.Ordinal));
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder!, "Executor.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder!;
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (string folder in Directory.EnumerateDirectories(from))
        {
            if (Path.GetFileName(folder) is not ("artifacts" or ".git" or "bin" or "obj") and string name)
            {
                Copy(folder, Path.Combine(to, name));
            }
        }
    }
}
