using System.Diagnostics;

namespace Executor.Silo.Packages;

/// <summary>The packages as their users take them: from a feed, into a new project.</summary>
public sealed class PackageTests : IDisposable
{
    private static readonly string[] Packed = ["Core", "Configuration", "Engine", "Runners", "Runners.Local", "Library", "Http", "Grains.Abstractions", "Client", "Cli"];

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("packages-").FullName;

    /// <summary>What the tests were built as, so that packing builds nothing again.</summary>
    private static string Configuration { get; } = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    private string Feed => Path.Combine(_folder, "feed");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task New_projects_and_the_tool_run_tasks_with_the_packages_alone()
    {
        await PackAsync();
        Assert.Equal(Packed.Length, Directory.GetFiles(Feed, "*.nupkg").Length);
        Assert.Equal(Packed.Length, Directory.GetFiles(Feed, "*.snupkg").Length);
        await WriteFeedConfigurationAsync();

        using SiloProcess silo = SiloProcess.Start(_folder, postgres: null);
        await silo.ReadyAsync();
        // The readmes' own programs.
        Assert.Equal("hello\n", await RunReadmeAsync("Library"));
        Assert.Equal("hello\n", await RunReadmeAsync("Client", ("30_000", silo.GatewayPort.ToString(System.Globalization.CultureInfo.InvariantCulture))));
        Assert.Equal("hello\n", await RunReadmeAsync("Http", ("http://localhost:5000", silo.Http.BaseAddress!.ToString())));
        await silo.KillAsync();

        await DotnetAsync(_folder, "tool", "install", "Executor.Tool", "--tool-path", "tools", "--configfile", Path.Combine(_folder, "NuGet.config"), "--version", "0.1.0");
        Assert.Equal("42\n", await RunAsync(_folder, Path.Combine(_folder, "tools", "executor"), "run", "--code", "print(6 * 7)"));
    }

    /// <summary>Packs all as they are built, in one process.</summary>
    private async Task PackAsync()
    {
        string all = Path.Combine(_folder, "pack.proj");
        string projects = string.Join(';', Packed.Select(project => Path.Combine(Repository.Root, "src", project, $"Executor.{project}.csproj")));
        await File.WriteAllTextAsync(all, $"""
            <Project>
              <Target Name="Pack">
                <MSBuild Projects="{projects}" Targets="Pack" Properties="Configuration={Configuration};NoBuild=true;PackageOutputPath={Feed}" />
              </Target>
            </Project>
            """);
        await DotnetAsync(Repository.Root, "msbuild", all, "-t:Pack", "-v:q");
    }

    /// <summary>The packages of the feed are unpacked here; all others are where this machine has them already, or come from its registry.</summary>
    private Task WriteFeedConfigurationAsync()
    {
        string machine = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } packages
            ? packages
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return File.WriteAllTextAsync(Path.Combine(_folder, "NuGet.config"), $"""
            <configuration>
              <packageSources><add key="packed" value="{Feed}" /></packageSources>
              <fallbackPackageFolders><add key="machine" value="{machine}" /></fallbackPackageFolders>
            </configuration>
            """);
    }

    /// <summary>Makes a project of the program in a package's readme, builds it and runs it.</summary>
    private async Task<string> RunReadmeAsync(string package, params (string Text, string Replacement)[] changes)
    {
        string project = Directory.CreateDirectory(Path.Combine(_folder, $"Uses{package}")).FullName;
        string readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "src", package, "README.md"));
        string program = readme.Split("```csharp\n")[1].Split("```")[0];
        foreach ((string text, string replacement) in changes)
        {
            Assert.Contains(text, program, StringComparison.Ordinal);
            program = program.Replace(text, replacement, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(Path.Combine(project, "Program.cs"), program);
        await File.WriteAllTextAsync(Path.Combine(project, $"Uses{package}.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <RestorePackagesPath>{_folder}/unpacked</RestorePackagesPath>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Executor.{package}" Version="0.1.0" />
              </ItemGroup>
            </Project>
            """);
        await DotnetAsync(project, "build", "-o", "built");
        return await RunAsync(project, "dotnet", $"built/Uses{package}.dll");
    }

    private static Task<string> DotnetAsync(string folder, params string[] arguments) => RunAsync(folder, "dotnet", arguments);

    private static async Task<string> RunAsync(string folder, string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["EXECUTOR_CONFIG"] = "", ["DOTNET_NOLOGO"] = "1", ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1" },
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Limit);
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {output}{await errors}");
        return output;
    }
}
