using System.Text;
using System.Text.Json;
using Executor.Limits;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners.Plans;

public sealed class ExecutionPlannerTests
{
    private static readonly EffectiveLimits Limits = LimitResolver.Resolve(null);

    [Fact]
    public void Code_becomes_the_runtimes_source_file_and_its_command()
    {
        ExecutionPlan plan = Plan(new TaskSpec { Language = "py", Code = "print(1)", Args = ["-x", "{source}"] }, "/usr/bin/python3");

        Assert.Equal("python", plan.Runtime!.Name);
        Assert.Equal(["main.py=print(1)"], Contents(plan));
        Assert.Equal(["/usr/bin/python3", "main.py", "-x", "{source}"], plan.Run.Argv);
        Assert.Null(plan.Compile);
        Assert.Null(plan.ResultFile);
        Assert.True(plan.MayBeWarm);
    }

    [Fact]
    public void Script_is_found_among_the_files_however_it_is_spelled()
    {
        ExecutionPlan plan = Plan(new TaskSpec { Script = "./src//app.js", Files = Files(("src/app.js", "1"), ("a.txt", "2")) }, "/usr/bin/node");

        Assert.Equal("node", plan.Runtime!.Name);
        Assert.Equal(["/usr/bin/node", "--stack-size=76160", "src/app.js"], plan.Run.Argv);
        Assert.Equal(["src/app.js=1", "a.txt=2"], Contents(plan));
    }

    [Fact]
    public void Compiled_language_has_two_stages_each_with_its_own_limits()
    {
        EffectiveLimits compile = LimitResolver.Resolve(null, new TaskLimits { MemoryMb = 512 });
        RuntimeDefinition java = RuntimeCatalog.BuiltIn.Find("java")!;
        ExecutionPlan plan = ExecutionPlanner.Plan(new TaskSpec { Language = "java", Code = "x", Args = ["a"] }, java, "/opt/jdk/bin/javac", Limits, compile);

        Assert.Equal(["/opt/jdk/bin/javac", "Main.java"], [plan.Compile!.Argv[0], plan.Compile.Argv[^1]]);
        Assert.Contains("-J-XX:MaxRAM=512m", plan.Compile.Argv);
        Assert.Same(compile, plan.Compile.Limits);
        Assert.Equal(["/opt/jdk/bin/java", "Main", "a"], [plan.Run.Argv[0], .. plan.Run.Argv.TakeLast(2)]);
        Assert.Contains("-XX:MaxRAM=512m", plan.Run.Argv);
        Assert.Same(Limits, plan.Run.Limits);
        Assert.Contains(plan.Files, file => file.Path == ".executor/.keep");
    }

    [Fact]
    public void Interpreter_without_a_folder_leaves_its_neighbours_to_PATH() =>
        Assert.Equal("java", Plan(new TaskSpec { Language = "java", Code = "x" }, "javac").Run.Argv[0]);

    [Fact]
    public void Environment_is_minimal_then_the_runtimes_then_the_tasks()
    {
        ExecutionPlan plan = Plan(
            new TaskSpec
            {
                Language = "csharp",
                Code = "x",
                RuntimeEnv = new RuntimeEnv { EnvVars = new Dictionary<string, string> { ["A"] = "runtime", ["B"] = "runtime", ["HOME"] = "/home/x" } },
                Env = new Dictionary<string, string> { ["B"] = "{stem}", ["DOTNET_NOLOGO"] = "0" },
            },
            "/root/.dotnet/dotnet");

        Assert.Equal("runtime", plan.Run.Env["A"]);
        Assert.Equal("{stem}", plan.Run.Env["B"]);
        Assert.Equal("/home/x", plan.Run.Env["HOME"]);
        Assert.Equal("0", plan.Run.Env["DOTNET_NOLOGO"]);
        Assert.Equal("0x18000000", plan.Run.Env["DOTNET_GCHeapHardLimit"]);
        Assert.Equal("C.UTF-8", plan.Run.Env["LANG"]);
        Assert.Equal("/tmp", plan.Run.Env["TMPDIR"]);
        Assert.Equal("/root/.dotnet:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", plan.Run.Env["PATH"]);
        Assert.DoesNotContain("USER", plan.Run.Env.Keys);
    }

    [Fact]
    public void Command_needs_no_runtime()
    {
        ExecutionPlan plan = Plan(new TaskSpec { Command = ["ls", "{args}"], Args = ["-l"], Files = Files(("run.sh", "#!/bin/sh\n"), ("b", "x")) }, null);

        Assert.Null(plan.Runtime);
        Assert.Equal(["ls", "{args}", "-l"], plan.Run.Argv);
        Assert.Equal([true, false], plan.Files.Select(file => file.Executable));
        Assert.Equal("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", plan.Run.Env["PATH"]);
        Assert.False(plan.MayBeWarm);
    }

    [Theory]
    [InlineData("python", "/usr/bin/python3", ".executor/call.py")]
    [InlineData("node", "/usr/bin/node", ".executor/call.cjs")]
    public void Callable_runs_the_harness_which_is_told_what_to_call(string language, string interpreter, string script)
    {
        ExecutionPlan plan = Plan(
            new TaskSpec { Language = language, Code = "x", Callable = "main", Params = Json("""{"a":[1]}"""), Args = ["y"] }, interpreter);
        string source = plan.Runtime!.SourceFile;

        Assert.Equal([interpreter, .. plan.WarmOptions, script, "y"], plan.Run.Argv);
        Assert.Equal(language == "node" ? 1 : 0, plan.WarmOptions.Count);
        Assert.Equal([source, script, ".executor/call.json"], plan.Files.Select(file => file.Path));
        Assert.Equal($$$"""{"source":"{{{source}}}","function":"main","params":{"a":[1]}}""", Encoding.UTF8.GetString(plan.Files[2].Content.Span));
        Assert.Equal(".executor/result.json", plan.ResultFile);
        Assert.True(plan.MayBeWarm);
    }

    [Fact]
    public void Entrypoint_is_python_unless_said_otherwise()
    {
        ExecutionPlan plan = Plan(new TaskSpec { Entrypoint = "pkg.mod:obj.run" }, "python3");

        Assert.Equal("python", plan.Runtime!.Name);
        Assert.Equal("""{"module":"pkg.mod","function":"obj.run","params":{}}""", Encoding.UTF8.GetString(plan.Files[^1].Content.Span));
    }

    [Fact]
    public void Entrypoint_without_a_function_is_the_program()
    {
        ExecutionPlan plan = Plan(new TaskSpec { Entrypoint = "pkg.mod", Args = ["x"] }, "python3");

        Assert.Equal(["python3", "-m", "pkg.mod", "x"], plan.Run.Argv);
        Assert.Null(plan.ResultFile);
        Assert.False(plan.MayBeWarm);
    }

    [Fact]
    public void Flags_of_the_runtime_stand_before_the_source_and_a_warm_interpreter_has_none()
    {
        RuntimeDefinition python = RuntimeCatalog.BuiltIn.Find("python")! with { Flags = ["-O", "{stem}"] };
        ExecutionPlan code = ExecutionPlanner.Plan(new TaskSpec { Language = "python", Code = "x", Args = ["{flags}"] }, python, "python3", Limits, Limits);
        ExecutionPlan module = ExecutionPlanner.Plan(new TaskSpec { Entrypoint = "a.b" }, python, "python3", Limits, Limits);
        ExecutionPlan call = ExecutionPlanner.Plan(new TaskSpec { Entrypoint = "a:b" }, python, "python3", Limits, Limits);

        Assert.Equal(["python3", "-O", "main", "main.py", "{flags}"], code.Run.Argv);
        Assert.Equal(["python3", "-O", "", "-m", "a.b"], module.Run.Argv);
        Assert.Equal(["python3", "-O", "", ".executor/call.py"], call.Run.Argv);
        Assert.False(code.MayBeWarm || call.MayBeWarm);
    }

    [Theory]
    [InlineData(256, null, 256, "-Xss42m", "-XX:ThreadStackSize=16384", "--stack-size=37632")]
    [InlineData(256, 256, 256, "-Xss42m", "-XX:ThreadStackSize=16384", "--stack-size=37632")]
    [InlineData(256, 200, 200, "-Xss200m", "-XX:ThreadStackSize=16384", "--stack-size=179200")]
    [InlineData(256, 8, 8, "-Xss8m", "-XX:ThreadStackSize=8192", "--stack-size=7168")]
    [InlineData(4, null, 4, "-Xss1m", "-XX:ThreadStackSize=1024", "--stack-size=896")]
    [InlineData(1048576, null, 1048576, "-Xss1024m", "-XX:ThreadStackSize=16384", "--stack-size=917504")]
    public void Stack_is_the_memorys_size_unless_told_and_leaves_room_to_tell_an_overflow(int memory, int? stack, int limit, string main, string others, string node)
    {
        EffectiveLimits limits = LimitResolver.Resolve(null, new TaskLimits { MemoryMb = memory, StackMb = stack });
        ExecutionPlan java = ExecutionPlanner.Plan(new TaskSpec { Language = "java", Code = "x" }, RuntimeCatalog.BuiltIn.Find("java"), "javac", limits, Limits);
        ExecutionPlan script = ExecutionPlanner.Plan(new TaskSpec { Language = "node", Code = "x" }, RuntimeCatalog.BuiltIn.Find("node"), "node", limits, Limits);

        Assert.Equal(limit, limits.StackMb);
        Assert.Contains(main, java.Run.Argv);
        Assert.Contains(others, java.Run.Argv);
        Assert.Equal(["node", node, "main.js"], script.Run.Argv);
        Assert.Equal([node], script.WarmOptions);
        Assert.True(script.MayBeWarm);
    }

    [Fact]
    public void Stack_is_never_over_the_ceiling()
    {
        Assert.Equal(64, LimitResolver.Resolve(new TaskLimits { StackMb = 64 }, new TaskLimits { StackMb = 500 }).StackMb);
        Assert.Equal(100, LimitResolver.Resolve(new TaskLimits { MemoryMb = 100 }, new TaskLimits { MemoryMb = 500 }).StackMb);
    }

    [Theory]
    [InlineData("python", "PYTHONHASHSEED", false)]
    [InlineData("python", "LD_PRELOAD", false)]
    [InlineData("python", "TZ", false)]
    [InlineData("python", "NODE_OPTIONS", true)]
    [InlineData("python", "MY_VARIABLE", true)]
    [InlineData("node", "NODE_OPTIONS", false)]
    [InlineData("node", "NODE_ENV", true)]
    [InlineData("node", "PYTHONPATH", true)]
    [InlineData("ruby", "MY_VARIABLE", false)]
    public void Warm_interpreter_serves_only_what_it_can_show_unchanged(string language, string variable, bool warm)
    {
        var values = new Dictionary<string, string> { [variable] = "1" };

        Assert.Equal(warm, Plan(new TaskSpec { Language = language, Code = "1", Env = values }, "/usr/bin/x").MayBeWarm);
        Assert.Equal(warm, Plan(new TaskSpec { Language = language, Code = "1", RuntimeEnv = new RuntimeEnv { EnvVars = values } }, "/usr/bin/x").MayBeWarm);
    }

    [Theory]
    [InlineData("""{"code":"1","language":"pyton"}""", "language", "there is no runtime 'pyton'; there are: bash, c, cpp,")]
    [InlineData("""{"code":"1"}""", "language", "is needed with code; one of: bash, c,")]
    [InlineData("""{}""", "", "exactly one of code, script, command and entrypoint is needed; the task has 0")]
    [InlineData("""{"code":"1","script":"a.py","files":{"a.py":{"content":""}}}""", "", "exactly one of code, script, command and entrypoint is needed; the task has 2")]
    [InlineData("""{"command":[]}""", "command", "must name a program")]
    [InlineData("""{"script":"a.py"}""", "script", "'a.py' is not among the task's files; it has none")]
    [InlineData("""{"script":"a.py","files":{"b.py":{"content":""}}}""", "script", "'a.py' is not among the task's files; they are: b.py")]
    [InlineData("""{"script":"../a.py","files":{"b.py":{"content":""}}}""", "script", "'../a.py' is not among the task's files; they are: b.py")]
    [InlineData("""{"script":"a.foo","files":{"a.foo":{"content":""}}}""", "script", "'.foo' is no runtime's extension; set language")]
    [InlineData("""{"code":"1","language":"go","callable":"main"}""", "callable", "functions of go can't be called; those of these can: node, python")]
    [InlineData("""{"entrypoint":"a:b","language":"ruby"}""", "entrypoint", "functions of ruby can't be called; those of these can: node, python")]
    [InlineData("""{"entrypoint":"a:"}""", "entrypoint", "'a:' must be package.module:function")]
    [InlineData("""{"entrypoint":":f"}""", "entrypoint", "':f' must be package.module:function")]
    [InlineData("""{"entrypoint":"a:b","callable":"c"}""", "callable", "goes with code or script")]
    [InlineData("""{"command":["ls"],"callable":"c"}""", "callable", "goes with code or script")]
    [InlineData("""{"code":"1","language":"python","callable":""}""", "callable", "must name a function")]
    [InlineData("""{"code":"1","language":"python","callable":"f","params":[1]}""", "params", "must be a JSON object")]
    [InlineData("""{"code":"1","language":"python","files":{"main.py":{"content":""}}}""", "files", "'main.py' is the name that code itself gets")]
    [InlineData("""{"command":["ls"],"files":{"/etc/x":{"content":""}}}""", "files", "'/etc/x' must be a path inside the working directory")]
    [InlineData("""{"command":["ls"],"files":{"a/../../x":{"content":""}}}""", "files", "'a/../../x' must be a path inside")]
    [InlineData("""{"command":["ls"],"files":{"./.executor/call.py":{"content":""}}}""", "files", "'./.executor/call.py' is in the folder .executor")]
    [InlineData("""{"command":["ls"],"files":{"a":{"content":""},"./a":{"content":""}}}""", "files", "'./a' is there twice")]
    [InlineData("""{"command":["ls"],"files":{"a/b":{"content":""},"a":{"content":""}}}""", "files", "'a' can't be a file and the folder of 'a/b'")]
    [InlineData("""{"command":["ls"],"files":{"a":{"content":"?","encoding":"base64"}}}""", "files.a", "content is not valid base64")]
    public void Fault_names_the_field_and_what_would_be_right(string json, string field, string message)
    {
        TaskSpec task = JsonSerializer.Deserialize(json, ExecutorJson.Wire.TaskSpec)!;
        ValidationFault fault = Assert.Single(ExecutionPlanner.Choose(task, RuntimeCatalog.BuiltIn, out _));

        Assert.Equal(field, fault.Field);
        Assert.StartsWith(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_refuses_what_Choose_finds_fault_with() =>
        Assert.Throws<InvalidTaskException>(() => ExecutionPlanner.Plan(new TaskSpec { Script = "a.py" }, RuntimeCatalog.BuiltIn.Find("python"), "python3", Limits, Limits));

    [Fact]
    public void Every_task_without_a_fault_has_a_sound_plan()
    {
        var random = new Random(42);
        int planned = 0;
        for (int round = 0; round < 20_000; round++)
        {
            TaskSpec task = RandomTask(random);
            if (ExecutionPlanner.Choose(task, RuntimeCatalog.BuiltIn, out RuntimeDefinition? runtime).Count > 0)
            {
                continue;
            }

            planned++;
            ExecutionPlan plan = ExecutionPlanner.Plan(task, runtime, runtime is null ? null : "/opt/x/bin/tool", Limits, Limits);
            Assert.Equal(plan.Files.Count, plan.Files.Select(file => file.Path).Distinct().Count());
            Assert.All(plan.Files, file => Assert.DoesNotContain("..", file.Path, StringComparison.Ordinal));
            Assert.Equal(task.Args ?? [], plan.Run.Argv.TakeLast(task.Args?.Count ?? 0));
            Assert.All(plan.Run.Argv.SkipLast(task.Args?.Count ?? 0), part => Assert.False(task.Command is null && part.Contains('{'), part));
            Assert.All(plan.Compile?.Argv ?? [], part => Assert.DoesNotContain('{', part));
            Assert.Equal(task.Callable is not null || task.Entrypoint?.Contains(':') == true, plan.ResultFile is not null);
            Assert.True(!plan.MayBeWarm || (plan.Run.Argv[0] == "/opt/x/bin/tool" && plan.Files.Any(file => file.Path == plan.Run.Argv[1 + plan.WarmOptions.Count])));
        }

        Assert.InRange(planned, 500, 20_000);
    }

    private static TaskSpec RandomTask(Random random)
    {
        T? Maybe<T>(params T[] values) => random.Next(2) == 0 ? default : values[random.Next(values.Length)];
        string[] paths = ["a.py", "./a.py", "b/c.js", "main.py", "d.go", "", "/x", "../y", ".executor/z", "b", "Main.java"];
        int kind = random.Next(5);
        return new TaskSpec
        {
            Language = Maybe("python", "node", "go", "java", "c#", "nope", "bash"),
            Code = kind == 0 || random.Next(20) == 0 ? "code {source}" : null,
            Script = kind is 1 or 4 ? paths[random.Next(paths.Length)] : null,
            Command = kind == 2 ? ["ls", "{source}"] : null,
            Entrypoint = kind == 3 ? Maybe("a:b", "a.b", "a:", ":", "-m:f") : null,
            Callable = random.Next(4) == 0 ? Maybe("main", "a.b", "") : null,
            Params = Maybe<JsonElement?>(Json("{}"), Json("""{"a":{"b":null}}"""), Json("[]"), Json("null")),
            Args = Maybe<string[]>(["{args}", ""], ["x"]),
            Env = Maybe(new Dictionary<string, string> { ["PYTHONPATH"] = "{x}" }, []),
            Files = random.Next(3) == 0
                ? null
                : Enumerable.Range(0, random.Next(1, 4)).Select(_ => paths[random.Next(paths.Length)]).Distinct().ToDictionary(path => path, _ => new TaskFile { Content = "x" }),
        };
    }

    private static ExecutionPlan Plan(TaskSpec task, string? interpreter)
    {
        Assert.Empty(ExecutionPlanner.Choose(task, RuntimeCatalog.BuiltIn, out RuntimeDefinition? runtime));
        return ExecutionPlanner.Plan(task, runtime, interpreter, Limits, Limits);
    }

    private static Dictionary<string, TaskFile> Files(params (string Path, string Content)[] files) =>
        files.ToDictionary(file => file.Path, file => new TaskFile { Content = file.Content });

    private static IEnumerable<string> Contents(ExecutionPlan plan) =>
        plan.Files.Select(file => $"{file.Path}={Encoding.UTF8.GetString(file.Content.Span)}");

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
