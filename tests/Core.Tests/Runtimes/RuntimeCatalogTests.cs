using Executor.Limits;
using Executor.Tasks;

namespace Executor.Runtimes;

public sealed class RuntimeCatalogTests
{
    [Theory]
    [InlineData("python", "python")]
    [InlineData("Python", "python")]
    [InlineData("py", "python")]
    [InlineData("javascript", "node")]
    [InlineData("C++", "cpp")]
    [InlineData("C#", "csharp")]
    [InlineData("sh", "bash")]
    [InlineData("golang", "go")]
    public void Find_knows_names_and_aliases_in_any_case(string name, string runtime) =>
        Assert.Equal(runtime, RuntimeCatalog.BuiltIn.Find(name)!.Name);

    [Theory]
    [InlineData("a/b/x.py", "python")]
    [InlineData("x.MJS", "node")]
    [InlineData("main.c", "c")]
    [InlineData("main.cc", "cpp")]
    [InlineData("Main.java", "java")]
    [InlineData("script.sh", "bash")]
    [InlineData("no_extension", null)]
    [InlineData("x.unknown", null)]
    public void ForFile_goes_by_the_extension(string path, string? runtime) =>
        Assert.Equal(runtime, RuntimeCatalog.BuiltIn.ForFile(path)?.Name);

    [Fact]
    public void BuiltIn_has_the_twelve_languages()
    {
        Assert.Equal(
            ["bash", "c", "cpp", "csharp", "go", "java", "node", "perl", "php", "python", "ruby", "rust"],
            RuntimeCatalog.BuiltIn.All.Select(runtime => runtime.Name));
        Assert.All(RuntimeCatalog.BuiltIn.All, runtime => Assert.Same(runtime, RuntimeCatalog.BuiltIn.ForFile(runtime.SourceFile)));
    }

    [Fact]
    public void DescribeUnknown_names_what_would_have_worked()
    {
        Assert.Equal(
            "there is no runtime 'pyton'; there are: bash, c, cpp, csharp, go, java, node, perl, php, python, ruby, rust",
            RuntimeCatalog.BuiltIn.DescribeUnknown("pyton"));
        Assert.Contains(".py", RuntimeCatalog.BuiltIn.DescribeUnknownFile("x.foo"), StringComparison.Ordinal);
    }

    [Fact]
    public void Override_changes_only_what_it_names()
    {
        RuntimeDefinition before = RuntimeCatalog.BuiltIn.Find("java")!;
        RuntimeDefinition after = Created("java", new RuntimeOverride
        {
            Interpreter = ["/opt/jdk/bin/javac"],
            Env = new Dictionary<string, string> { ["JAVA_TOOL_OPTIONS"] = "-Dx=1" },
            Limits = new TaskLimits { MemoryMb = 512 },
        }).Find("java")!;

        Assert.Equal(["/opt/jdk/bin/javac"], after.Interpreter);
        Assert.Equal(before.Run, after.Run);
        Assert.Equal("-Dx=1", after.Env["JAVA_TOOL_OPTIONS"]);
        Assert.Equal(512, after.Limits!.MemoryMb);
        Assert.Equal(before.Limits!.Pids, after.Limits.Pids);
    }

    [Fact]
    public void Override_of_a_variable_keeps_the_others()
    {
        RuntimeDefinition python = Created("python", new RuntimeOverride { Env = new Dictionary<string, string> { ["PYTHONUNBUFFERED"] = "" } }).Find("python")!;

        Assert.Equal("", python.Env["PYTHONUNBUFFERED"]);
        Assert.Equal("1", python.Env["PYTHONDONTWRITEBYTECODE"]);
    }

    [Fact]
    public void Override_of_the_flags_replaces_all_of_them()
    {
        Assert.Equal(["-ea"], RuntimeCatalog.BuiltIn.Find("java")!.Flags);
        Assert.Equal(["-da", "-server"], Created("java", new RuntimeOverride { Flags = ["-da", "-server"] }).Find("java")!.Flags);
        Assert.Empty(Created("java", new RuntimeOverride { Flags = [] }).Find("java")!.Flags);
        Assert.All(RuntimeCatalog.BuiltIn.All, runtime => Assert.Single((runtime.Compile ?? []).Concat(runtime.Run), part => part == "{flags}"));
    }

    [Fact]
    public void Like_makes_another_runtime_of_the_same_family()
    {
        RuntimeCatalog catalog = Created("py312", new RuntimeOverride { Like = "python", Interpreter = ["/opt/py312/bin/python"] });
        RuntimeDefinition py312 = catalog.Find("py312")!;

        Assert.Equal("python", py312.Family);
        Assert.Equal(WarmKind.ForkPython, py312.Warm);
        Assert.Equal("main.py", py312.SourceFile);
        Assert.Same(catalog.Find("python"), catalog.Find("py"));
        Assert.Same(catalog.Find("python"), catalog.ForFile("x.py"));
    }

    [Fact]
    public void New_runtime_needs_only_an_interpreter_and_a_command()
    {
        RuntimeDefinition lua = Created("lua", new RuntimeOverride { Interpreter = ["lua5.4"], Run = ["{interpreter}", "{source}", "{args}"], Extensions = [".lua"] }).ForFile("x.lua")!;

        Assert.Equal("lua", lua.Name);
        Assert.Equal("lua", lua.Family);
        Assert.Equal("main.lua", lua.SourceFile);
    }

    [Fact]
    public void Disabled_runtime_is_not_found()
    {
        RuntimeCatalog catalog = Created("perl", new RuntimeOverride { Enabled = false });

        Assert.Null(catalog.Find("perl"));
        Assert.Null(catalog.ForFile("x.pl"));
        Assert.DoesNotContain("perl", catalog.DescribeUnknown("perl6").Split(';')[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_compile_takes_the_stage_away() =>
        Assert.Null(Created("java", new RuntimeOverride { Compile = [], Run = ["{bin}/java", "{source}"] }).Find("java")!.Compile);

    [Fact]
    public void Faults_are_told_all_at_once_by_field()
    {
        bool made = RuntimeCatalog.TryCreate(
            new Dictionary<string, RuntimeOverride>
            {
                ["lua"] = new() { Extensions = [".lua"] },
                ["pyx"] = new() { Like = "pyton" },
                ["node"] = new() { Like = "python" },
                ["ruby"] = new() { Extensions = ["rb"], SourceFile = "a/b.rb", CompileTimeout = TimeSpan.Zero },
                ["php"] = new() { Aliases = ["py"], Extensions = [".py"], ReadOnlyPaths = ["etc/php"], Run = [], Interpreter = [] },
                ["no such"] = new() { Enabled = false },
                ["a b"] = new() { Like = "bash" },
            },
            out RuntimeCatalog? catalog,
            out IReadOnlyList<ValidationFault> faults);

        Assert.False(made);
        Assert.Null(catalog);
        Assert.Equal(
            [
                "runtimes", "runtimes.lua.run", "runtimes.no such.enabled", "runtimes.node.like", "runtimes.php.interpreter",
                "runtimes.php.read_only_paths", "runtimes.php.run", "runtimes.pyx.like", "runtimes.ruby.compile_timeout",
                "runtimes.ruby.extensions", "runtimes.ruby.source_file",
            ],
            faults.Select(fault => fault.Field).Where(field => field is not ("runtimes.python.aliases" or "runtimes.python.extensions" or "runtimes.php.aliases" or "runtimes.php.extensions")).Order(StringComparer.Ordinal));
        Assert.Contains(faults, fault => fault.Message == "'py' already means php" || fault.Message == "'py' already means python");
        Assert.Contains(faults, fault => fault.Field == "runtimes.pyx.like" && fault.Message.Contains("python", StringComparison.Ordinal));
    }

    private static RuntimeCatalog Created(string name, RuntimeOverride change)
    {
        bool made = RuntimeCatalog.TryCreate(new Dictionary<string, RuntimeOverride> { [name] = change }, out RuntimeCatalog? catalog, out IReadOnlyList<ValidationFault> faults);
        Assert.True(made, string.Join("; ", faults));
        return catalog!;
    }
}
