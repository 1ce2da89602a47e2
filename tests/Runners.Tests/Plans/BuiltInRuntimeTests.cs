using System.Collections.Concurrent;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners.Plans;

/// <summary>Every built-in runtime's plan, carried out for real.</summary>
public sealed class BuiltInRuntimeTests(BuiltInRuntimeTests.Samples samples) : IClassFixture<BuiltInRuntimeTests.Samples>
{
    [Theory]
    [MemberData(nameof(BuiltInLanguages.All), MemberType = typeof(BuiltInLanguages))]
    public async Task Program_reads_arguments_and_input_and_writes_output(string runtime)
    {
        Requirement.Toolchain(runtime);
        Ended ended = await samples.RunAsync(runtime, ["a b{args}"], "grüße\n");

        Assert.Equal("hello a b{args} grüße", ended.Stdout.Trim());
        Assert.Equal("", ended.Stderr);
        Assert.Equal(0, ended.ExitCode);
    }

    [Theory]
    [MemberData(nameof(BuiltInLanguages.All), MemberType = typeof(BuiltInLanguages))]
    public async Task Exit_code_is_the_programs_and_the_error_tells_its_last_words(string runtime)
    {
        Requirement.Toolchain(runtime);
        Ended ended = await samples.RunAsync(runtime, ["exit"]);
        TaskError error = ProgramErrorParser.Parse(RuntimeCatalog.BuiltIn.Find(runtime), ended.ExitCode, null, ended.Stderr);

        Assert.Equal(3, ended.ExitCode);
        Assert.Equal("leaving\n", ended.Stderr);
        Assert.Equal(TaskErrorTypes.ExitCode, error.Type);
        Assert.Equal("the program ended with exit code 3: leaving", error.Message);
    }

    [Theory]
    [InlineData("bash", TaskErrorTypes.ExitCode)]
    [InlineData("c", "assertion")]
    [InlineData("cpp", "std::runtime_error")]
    [InlineData("csharp", "System.InvalidOperationException")]
    [InlineData("go", "panic")]
    [InlineData("java", "java.lang.IllegalStateException")]
    [InlineData("node", "RangeError")]
    [InlineData("perl", "die")]
    [InlineData("php", "DomainException")]
    [InlineData("python", "LookupError")]
    [InlineData("ruby", "ArgumentError")]
    [InlineData("rust", "panic")]
    public async Task Uncaught_error_is_told_by_its_type_and_message(string runtime, string type)
    {
        Requirement.Toolchain(runtime);
        Ended ended = await samples.RunAsync(runtime, ["fail"]);
        TaskError error = ProgramErrorParser.Parse(RuntimeCatalog.BuiltIn.Find(runtime), ended.ExitCode, null, ended.Stderr);

        Assert.NotEqual(0, ended.ExitCode);
        Assert.Equal("", ended.Stdout);
        Assert.Equal(type, error.Type);
        if (runtime is "bash" or "c")
        {
            Assert.Contains("boom", error.Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal("boom", error.Message);
        }
    }

    [Theory]
    [InlineData("c")]
    [InlineData("cpp")]
    [InlineData("csharp")]
    [InlineData("go")]
    [InlineData("java")]
    [InlineData("rust")]
    public async Task Source_that_does_not_compile_tells_the_compilers_first_complaint(string runtime)
    {
        Requirement.Toolchain(runtime);
        (string source, string complaint) = SamplePrograms.Broken(runtime);
        using var run = new PlanRun();
        ExecutionPlan plan = PlanRun.Make(new TaskSpec { Language = runtime, Code = source });
        await run.LayOutAsync(plan);

        Ended ended = await run.CompileAsync(plan);
        TaskError error = ProgramErrorParser.ParseCompile(ended.ExitCode, null, ended.Stdout, ended.Stderr);

        Assert.NotEqual(0, ended.ExitCode);
        Assert.Equal(TaskErrorTypes.CompileError, error.Type);
        Assert.Contains(complaint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Script_in_a_folder_finds_its_neighbours_and_the_tasks_files()
    {
        Requirement.Toolchain("python");
        using var run = new PlanRun();
        Ended ended = await run.RunAsync(new TaskSpec
        {
            Script = "./app/tool.py",
            Files = new Dictionary<string, TaskFile>
            {
                ["app/tool.py"] = new() { Content = "import part, sys; print(part.read(), sys.argv, __name__)" },
                ["app/part.py"] = new() { Content = "def read(): return open('data/in.txt').read()" },
                ["data/in.txt"] = new() { Content = "aGk=", Encoding = TaskFileEncoding.Base64 },
            },
        });

        Assert.Equal("hi ['app/tool.py'] __main__\n", ended.Stdout);
    }

    [Fact]
    public async Task Command_starts_an_executable_file_of_the_task()
    {
        Requirement.Toolchain("bash");
        using var run = new PlanRun();
        Ended ended = await run.RunAsync(new TaskSpec
        {
            Command = ["./go.sh", "one"],
            Args = ["two"],
            Env = new Dictionary<string, string> { ["GREETING"] = "hi" },
            Files = new Dictionary<string, TaskFile> { ["go.sh"] = new() { Content = "#!/bin/sh\necho \"$GREETING $1 $2 ${HOSTNAME_OF_PARENT:-clean}\"\n" } },
        });

        Assert.Equal("hi one two clean\n", ended.Stdout);
    }

    /// <summary>Compiles each language's sample once and runs it as often as asked.</summary>
    public sealed class Samples : IDisposable
    {
        private readonly ConcurrentDictionary<string, PlanRun> _runs = new();

        internal async Task<Ended> RunAsync(string runtime, string[] args, string input = "")
        {
            var task = new TaskSpec { Language = runtime, Code = SamplePrograms.Source(runtime), Args = args };
            if (_runs.TryGetValue(runtime, out PlanRun? run))
            {
                return await run.AgainAsync(task, input);
            }

            run = _runs[runtime] = new PlanRun();
            return await run.RunAsync(task, input);
        }

        public void Dispose()
        {
            foreach (PlanRun run in _runs.Values)
            {
                run.Dispose();
            }
        }
    }
}
