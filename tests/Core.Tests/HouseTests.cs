using System.Text.RegularExpressions;
using System.Xml.Linq;
using Executor.House;

namespace Executor;

/// <summary>Which project may know which, and within each which namespace which. The arrows point inwards: the rules know no host, no runner and no database.</summary>
public sealed partial class HouseTests
{
    private const string Core = "Executor.Core";
    private const string Configuration = "Executor.Configuration";
    private const string Engine = "Executor.Engine";
    private const string Hosting = "Executor.Hosting";
    private const string Http = "Executor.Http";
    private const string Runners = "Executor.Runners";
    private const int MaxLines = 400;

    private static readonly string[] OutsideWorld = ["Microsoft.Orleans", "Microsoft.AspNetCore", "Docker.DotNet", "SSH.NET", "Renci.SshNet"];

    private static readonly (string Project, string Target)[] NotYetInward =
    [
        ("Executor.Api", Configuration),
        ("Executor.Client", Configuration),
        ("Executor.Cli", Configuration),
        ("Executor.Cli", Engine),
        ("Executor.Cli", Runners),
        ("Executor.Silo", Configuration),
        ("Executor.Silo", Engine),
    ];

    public static TheoryData<string> Projects() => [.. All.Keys];

    public static TheoryData<string, string> ModulesOfRunners() =>
        new(All.Keys.Where(IsRunner).Select(runner => (runner, $"{runner}.{runner[(Runners.Length + 1)..]}Module")));

    private static Dictionary<string, XDocument> All { get; } = ReadProjects();

    [Fact]
    public void Project_files_are_found_and_their_references_read() => Assert.Contains(Core, References("Executor.Runners.Local"));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_references_only_what_it_may_know(string project) =>
        Assert.DoesNotContain(References(project), target => !MayReference(project, target));

    [Fact]
    public void Arrow_that_is_to_go_is_listed_only_while_it_is_there() =>
        Assert.DoesNotContain(NotYetInward, arrow => !References(arrow.Project).Contains(arrow.Target));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Namespaces_of_a_project_know_each_other_one_way(string project)
    {
        using CompiledAssembly assembly = Compiled(project);

        string? circle = Circle.Find(assembly.NamespaceArrows("Executor"));

        Assert.True(circle is null, circle);
    }

    [Fact]
    public void Circle_of_namespaces_is_found_in_an_assembly()
    {
        using CompiledAssembly own = new(typeof(HouseTests).Assembly.Location);

        Assert.Equal(
            "Executor.House.Planted.Left → Executor.House.Planted.Right → Executor.House.Planted.Left",
            Circle.Find(own.NamespaceArrows("Executor.House.Planted")));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Internals_are_shown_to_tests_and_benchmarks_only(string project) =>
        Assert.DoesNotContain(Includes(All[project], "InternalsVisibleTo"), friend => !friend.EndsWith(".Tests", StringComparison.Ordinal) && friend != "Executor.Benchmarks");

    [Theory]
    [MemberData(nameof(ModulesOfRunners))]
    public void Above_a_runner_only_its_module_is_known(string runner, string module)
    {
        IEnumerable<string> known = All.Keys.Where(project => project is not "Executor.Library" && project != runner).SelectMany(project => TypesKnown(project, runner));

        Assert.Equal([module], known.Distinct());
    }

    [Theory]
    [MemberData(nameof(ModulesOfRunners))]
    public void Module_of_a_runner_is_named_in_the_one_list_only(string runner, string module)
    {
        IEnumerable<string> naming = Sources().Where(path => !path.Contains($"{runner[9..]}{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            && File.ReadAllText(path).Contains(module.Split('.')[^1], StringComparison.Ordinal));

        Assert.Equal("RunnerModules.cs", Path.GetFileName(Assert.Single(naming)));
    }

    [Fact]
    public void No_source_file_is_longer_than_a_type_may_be() =>
        Assert.DoesNotContain(Sources(), path => File.ReadLines(path).Count() > MaxLines);

    [Fact]
    public void System_clock_which_may_be_set_is_read_by_nobody_else()
    {
        string[] mayRead =
        [
            "OwnFolder.cs", // compares it with a file's time, which is the system's, too
            "SteadyTime.cs", // is what all others have instead
        ];

        Assert.Equal(mayRead, Sources().Where(path => SystemClock().IsMatch(File.ReadAllText(path))).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Core_has_no_package_of_the_outside_world()
    {
        IEnumerable<string> names = Includes(All[Core], "PackageReference").Concat(Includes(All[Core], "FrameworkReference"));

        Assert.DoesNotContain(names, name => OutsideWorld.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)));
    }

    [Theory]
    [InlineData(Core, "Executor.Runners.Local")]
    [InlineData(Core, Configuration)]
    [InlineData(Engine, Runners)]
    [InlineData(Engine, Configuration)]
    [InlineData(Runners, Configuration)]
    [InlineData(Runners, Engine)]
    [InlineData(Configuration, Runners)]
    [InlineData("Executor.Api", Engine)]
    [InlineData(Http, "Executor.Api")]
    [InlineData(Http, Configuration)]
    [InlineData(Http, Hosting)]
    [InlineData("Executor.Client", Http)]
    [InlineData(Hosting, Http)]
    [InlineData("Executor.Client", Engine)]
    [InlineData("Executor.Runners.Local", "Executor.Runners.Docker")]
    [InlineData("Executor.Grains.Abstractions", "Executor.Grains")]
    [InlineData("Executor.Silo", "Executor.Cli")]
    [InlineData("Executor.Silo", "Executor.Runners.Local")]
    [InlineData("Executor.Cli", "Executor.Silo")]
    [InlineData("Executor.Cli", "Executor.Grains")]
    [InlineData("Executor.Cli", "Executor.Runners.Docker")]
    [InlineData("Executor.Cli", "Executor.Runners.Local")]
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

    private static bool MayReference(string project, string target) => NotYetInward.Contains((project, target)) || project switch
    {
        Core => false,
        Configuration or Runners or Engine or Http or "Executor.Storage.Sql" or "Executor.Grains.Abstractions" => target == Core,
        "Executor.Api" => target is Core or Http,
        "Executor.Grains" => target is Core or Engine or "Executor.Grains.Abstractions",
        "Executor.Client" => target is Core or "Executor.Grains.Abstractions",
        "Executor.Library" => target is Core or Engine or Runners or "Executor.Runners.Local",
        Hosting => target is Core or Configuration or Engine or Runners or "Executor.Storage.Sql" || IsRunner(target),
        "Executor.Silo" => target is Core or Hosting or "Executor.Api" or "Executor.Client" or "Executor.Grains" or "Executor.Grains.Abstractions",
        "Executor.Cli" => target is Core or Hosting or Http or "Executor.Api",
        _ => IsRunner(project) && target is Core or Runners,
    };

    private static bool IsRunner(string project) => project.StartsWith($"{Runners}.", StringComparison.Ordinal);

    /// <summary>What the project file names, and what the compiled code uses: one project's references are there for those above it, too.</summary>
    private static IEnumerable<string> References(string project)
    {
        using CompiledAssembly assembly = Compiled(project);
        return [.. Includes(All[project], "ProjectReference").Select(NameOf).Union(assembly.References.Where(All.ContainsKey))];
    }

    /// <summary>The types of another project that the compiled code names.</summary>
    private static IEnumerable<string> TypesKnown(string project, string target)
    {
        using CompiledAssembly assembly = Compiled(project);
        return [.. assembly.TypesKnownOf(target)];
    }

    /// <summary>The project as it was built beside these tests, which see to that.</summary>
    private static CompiledAssembly Compiled(string project)
    {
        string own = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string name = All[project].Descendants("AssemblyName").SingleOrDefault()?.Value ?? project;
        return new CompiledAssembly(Path.Combine(own, "..", "..", project, Path.GetFileName(own), $"{name}.dll"));
    }

    /// <summary>The names of items, however they are separated and whatever namespace the project file has.</summary>
    private static IEnumerable<string> Includes(XDocument project, string item) => project
        .Descendants()
        .Where(element => element.Name.LocalName == item)
        .SelectMany(element => ((string?)element.Attribute("Include") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'));

    private static IEnumerable<string> Sources() => Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories);

    [GeneratedRegex(@"\b(TimeProvider\.System|DateTime(Offset)?\.(UtcNow|Now|Today))\b")]
    private static partial Regex SystemClock();

    private static Dictionary<string, XDocument> ReadProjects() => Directory
        .EnumerateDirectories(Path.Combine(Repository.Root, "src"))
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj"))
        .ToDictionary(NameOf, path => XDocument.Load(path));
}
