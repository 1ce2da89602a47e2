using System.Xml.Linq;

namespace Executor;

/// <summary>Which project may know which. The arrows point inwards: the rules know no host, no runner and no database.</summary>
public sealed class HouseTests
{
    private const string Core = "Executor.Core";
    private const string Hosting = "Executor.Hosting";
    private const string RunnerPrefix = "Executor.Runners.";

    private static readonly string[] OutsideWorld = ["Microsoft.Orleans", "Microsoft.AspNetCore", "Docker.DotNet", "SSH.NET", "Renci.SshNet"];

    public static TheoryData<string> Projects() => [.. All.Keys];

    private static Dictionary<string, XDocument> All { get; } = ReadProjects();

    [Fact]
    public void Project_files_are_found_and_their_references_read() => Assert.Contains(Core, References("Executor.Runners.Local"));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_references_only_what_it_may_know(string project) =>
        Assert.DoesNotContain(References(project), target => !MayReference(project, target));

    [Fact]
    public void Core_has_no_package_of_the_outside_world()
    {
        IEnumerable<string> names = Includes(All[Core], "PackageReference").Concat(Includes(All[Core], "FrameworkReference"));

        Assert.DoesNotContain(names, name => OutsideWorld.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)));
    }

    [Theory]
    [InlineData(Core, "Executor.Runners.Local")]
    [InlineData("Executor.Runners.Local", "Executor.Runners.Docker")]
    [InlineData("Executor.Grains.Abstractions", "Executor.Grains")]
    [InlineData("Executor.Silo", "Executor.Cli")]
    [InlineData("Executor.Silo", "Executor.Runners.Local")]
    [InlineData("Executor.Cli", "Executor.Silo")]
    [InlineData("Executor.Cli", "Executor.Grains")]
    [InlineData(Hosting, "Executor.Cli")]
    [InlineData(Hosting, "Executor.Silo")]
    [InlineData(Hosting, "Executor.Api")]
    [InlineData(Hosting, "Executor.Client")]
    [InlineData("Executor.Api", Hosting)]
    [InlineData("Executor.Storage.Sql", Hosting)]
    [InlineData("Executor.Runners.Local", Hosting)]
    [InlineData("Executor.Grains", Hosting)]
    [InlineData("Executor.Client", Hosting)]
    [InlineData("Executor.Library", "Executor.Storage.Sql")]
    [InlineData("Executor.Unheard", Core)]
    public void Reference_against_the_arrows_is_refused(string project, string target) => Assert.False(MayReference(project, target));

    private static bool MayReference(string project, string target) => project switch
    {
        Core => false,
        "Executor.Storage.Sql" or "Executor.Api" or "Executor.Grains.Abstractions" => target == Core,
        "Executor.Grains" or "Executor.Client" => target is Core or "Executor.Grains.Abstractions",
        "Executor.Library" => target is Core or "Executor.Runners.Local",
        Hosting => target is Core or "Executor.Storage.Sql" || IsRunner(target),
        "Executor.Silo" => target is Core or Hosting or "Executor.Api" or "Executor.Client" or "Executor.Grains",
        // Of the runners only the one that it has commands of its own for.
        "Executor.Cli" => target is Core or Hosting or "Executor.Api" or "Executor.Runners.Docker",
        _ => IsRunner(project) && target == Core,
    };

    private static bool IsRunner(string project) => project.StartsWith(RunnerPrefix, StringComparison.Ordinal);

    private static IEnumerable<string> References(string project) => Includes(All[project], "ProjectReference").Select(NameOf);

    /// <summary>The names of items, however they are separated and whatever namespace the project file has.</summary>
    private static IEnumerable<string> Includes(XDocument project, string item) => project
        .Descendants()
        .Where(element => element.Name.LocalName == item)
        .SelectMany(element => ((string?)element.Attribute("Include") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'));

    private static Dictionary<string, XDocument> ReadProjects() => Directory
        .EnumerateDirectories(Path.Combine(Repository.Root, "src"))
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj"))
        .ToDictionary(NameOf, path => XDocument.Load(path));
}
