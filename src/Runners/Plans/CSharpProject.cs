using System.Security;
using System.Text;
using Executor.Runners.Plans.Sources;
using Executor.Runners.Workspaces;
using Executor.Runtimes;

namespace Executor.Runners.Plans;

/// <summary>A project for several C# sources, with what a file-based app of one has by itself.</summary>
internal static class CSharpProject
{
    private const string Path = $"{ExecutionPlan.OwnFolder}/main.csproj";

    /// <summary>The project's file; none where there is one source.</summary>
    public static IEnumerable<WorkspaceFile> Of(SourceSet sources, RuntimeDefinition runtime) =>
        IsNeeded(sources, runtime) ? [new WorkspaceFile(Path, Encoding.UTF8.GetBytes(Text(sources)))] : [];

    /// <summary>The compile command, of the project where there is one.</summary>
    public static IReadOnlyList<string> Command(IReadOnlyList<string> compile, SourceSet sources, RuntimeDefinition runtime) =>
        IsNeeded(sources, runtime) ? [.. compile.Select(part => part == "{source}" ? Path : part)] : compile;

    private static bool IsNeeded(SourceSet sources, RuntimeDefinition runtime) => runtime.Family == "csharp" && sources.All.Count > 1;

    private static string Text(SourceSet sources) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net$(BundledNETCoreAppTargetFrameworkVersion)</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            <EnableDefaultItems>false</EnableDefaultItems>
            <Features>$(Features);FileBasedProgram</Features>
          </PropertyGroup>
          <ItemGroup>
        {string.Concat(sources.All.Select(path => $"    <Compile Include=\"../{SecurityElement.Escape(Escaped(path))}\" />\n"))}  </ItemGroup>
        </Project>
        """;

    /// <summary>A name is a name, whatever MSBuild sees in its letters.</summary>
    private static string Escaped(string path) => string.Concat(path.Select(c => "%*?$@();'".Contains(c) ? $"%{(int)c:X2}" : c.ToString()));
}
