using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Executor.House;

/// <summary>Where tests lie and what they may do: the test of <c>src/X/Y/Z.cs</c> is <c>tests/X.Tests/Y/ZTests.cs</c>.</summary>
public sealed partial class TestTreeTests
{
    private const string Suffix = ".Tests";

    /// <summary>Folders of what is no part of one folder of the source.</summary>
    private static readonly string[] OtherFolders =
    [
        "Api.Tests/Fuzz",
        "Cli.Tests/Examples",
        "Cli.Tests/Launcher",
        "Core.Tests/House",
        "Runners.Tests/Languages",
        "Runners.Tests/Programs",
        "Silo.Tests/Network",
        "Silo.Tests/Packages",
    ];

    /// <summary>Tests of something else than the source of their name.</summary>
    private static readonly string[] OtherNames =
    [
        "Api.Tests/Problems/ProblemTests.cs",
        "Grains.Tests/Scheduling/AssignmentTests.cs",
        "Runners.Docker.Tests/Plain/ProgramTests.cs",
    ];

    private static string Tests { get; } = Path.Combine(Repository.Root, "tests");

    private static string Source { get; } = Path.Combine(Repository.Root, "src");

    [Fact]
    public void Tests_of_a_folder_lie_in_a_folder_of_its_name() => Assert.DoesNotContain(StrayFolders(), folder => !IsBelow(folder, OtherFolders));

    [Fact]
    public void Test_named_for_a_source_file_lies_where_that_lies() => Assert.Empty(StrayTests().Except(OtherNames));

    [Fact]
    public void What_lies_elsewhere_is_listed_only_while_it_is_there()
    {
        Assert.DoesNotContain(OtherFolders, other => !StrayFolders().Any(folder => IsBelow(folder, [other])));
        Assert.Empty(OtherNames.Except(StrayTests()));
    }

    [Fact]
    public void No_source_file_is_compiled_into_two_projects() => Assert.Empty(
        from file in Directory.EnumerateFiles(Tests, "*.csproj", SearchOption.AllDirectories)
        from item in XDocument.Load(file).Descendants("Compile")
        let path = (string?)item.Attribute("Include")
        where path?.Contains("..", StringComparison.Ordinal) == true
        select path);

    [Fact]
    public void Processes_are_killed_by_what_sees_to_it_that_they_were() => Assert.Equal(
        ["Testing/Processes/Signals.cs"], Files(Tests).Where(file => Kill().IsMatch(File.ReadAllText(Path.Combine(Tests, file)))));

    private static IEnumerable<string> StrayFolders() =>
        from folder in Files(Tests).Select(FolderOf).Distinct()
        where ProjectOf(folder).EndsWith(Suffix, StringComparison.Ordinal)
        where !Sources(ProjectOf(folder)).Any(project => Directory.Exists(Path.Combine(Source, project, Below(folder))))
        select folder;

    private static IEnumerable<string> StrayTests()
    {
        ILookup<string, string> sources = Files(Source).ToLookup(Path.GetFileName, FolderOf)!;
        return
            from test in Files(Tests)
            where test.EndsWith("Tests.cs", StringComparison.Ordinal)
            let tested = sources[$"{Path.GetFileName(test)[..^"Tests.cs".Length]}.cs"]
            let folder = FolderOf(test)
            where tested.Any() && !Sources(ProjectOf(folder)).Any(project => tested.Contains(Path.Combine(project, Below(folder))))
            select test;
    }

    /// <summary>The projects of the source that a project tests: one, and for the cluster its parts, which it takes a cluster to test.</summary>
    private static string[] Sources(string tests) => tests == "Grains.Tests" ? ["Grains", "Grains.Abstractions", "Client"] : [tests.Replace(Suffix, "", StringComparison.Ordinal)];

    private static IEnumerable<string> Files(string root) =>
        Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(root, path));

    private static bool IsBelow(string folder, string[] roots) => roots.Any(root => folder == root || folder.StartsWith($"{root}/", StringComparison.Ordinal));

    private static string FolderOf(string file) => Path.GetDirectoryName(file)!;

    private static string ProjectOf(string folder) => folder.Split('/')[0];

    private static string Below(string folder) => string.Join('/', folder.Split('/').Skip(1));

    [GeneratedRegex(@"\.Kill\(\)")]
    private static partial Regex Kill();
}
