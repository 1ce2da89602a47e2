using System.Text.Json;
using Executor.Tasks;

namespace Executor.Runners.Plans;

/// <summary>Functions called in a real Python.</summary>
public sealed class PythonCallTests : IDisposable
{
    private readonly PlanRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Function_gets_params_by_name_and_its_value_is_the_result()
    {
        Requirement.Toolchain("python");
        Ended ended = await CallAsync(
            """
            import sys
            def main(a, b=2, **rest):
                print("printed", __name__, __file__.rsplit("/")[-1], sys.argv[1:], input())
                return {"sum": a + b, "rest": rest, "text": "grüße\u2028"}
            """,
            "main", """{"a":1,"ключ":[true,null]}""", args: ["x"], input: "typed\n");

        Assert.Equal("printed main main.py ['x'] typed\n", ended.Stdout);
        Assert.Equal("", ended.Stderr);
        Assert.Equal("""{"sum":3,"rest":{"ключ":[true,null]},"text":"grüße""" + "\u2028\"}", Value());
    }

    [Theory]
    [InlineData("async def main():\n    import asyncio\n    await asyncio.sleep(0)\n    return [1]", "[1]")]
    [InlineData("def main():\n    yield 1\n    yield 2", "[1,2]")]
    [InlineData("async def main():\n    yield 1\n    yield 2", "[1,2]")]
    [InlineData("def main(): pass", "null")]
    [InlineData("def main(): return (1, 2.5, {3: None})", """[1,2.5,{"3":null}]""")]
    [InlineData("class A:\n    def __call__(self): return 5\nmain = A()", "5")]
    [InlineData("def sq(x): return x * x\ndef main():\n    import multiprocessing as m\n    with m.get_context('spawn').Pool(1) as pool: return pool.map(sq, [2, 3])", "[4,9]")]
    [InlineData("import pickle\nclass P: pass\ndef main(): return pickle.loads(pickle.dumps(P())).__class__.__module__", "\"main\"")]
    [InlineData("def main():\n    import os\n    os.chdir('/')\n    return os.getcwd()", "\"/\"")]
    [InlineData("if __name__ == '__main__': raise SystemExit(9)\ndef main(): return __name__", "\"main\"")]
    public async Task Value_can_come_in_many_ways(string code, string value)
    {
        Requirement.Toolchain("python");
        Ended ended = await CallAsync(code, "main");

        Assert.Equal("", ended.Stderr);
        Assert.Equal(value, Value());
        Assert.Equal(0, ended.ExitCode);
    }

    [Theory]
    [InlineData("def main(): return {'a': [1, {2}]}", "main() must return JSON: result['a'][1] is of type set")]
    [InlineData("def main(): return [float('nan')]", "main() must return JSON: result[0] is nan, which JSON has no number for")]
    [InlineData("def main(): return {(1, 2): 3}", "main() must return JSON: result has a key of type tuple")]
    [InlineData("def main():\n    a = []\n    a.append(a)\n    return a", "main() must return JSON: result[0] contains itself")]
    [InlineData("def main(): return '\\ud800'", "main() must return JSON: result has a lone surrogate")]
    [InlineData("def main(): return 'x' * (17 << 20)", "main() returned 17.0 MiB of JSON; the most is 16 MiB (write a file and ask for it as an artifact)")]
    public async Task Value_that_is_not_JSON_is_told_by_its_place(string code, string message)
    {
        Requirement.Toolchain("python");
        Ended ended = await CallAsync(code, "main");

        Assert.Equal(1, ended.ExitCode);
        Assert.Equal($"executor: {message}\n", ended.Stderr);
        Assert.Equal(TaskErrorTypes.ResultError, _run.Outcome().Error!.Type);
        Assert.Equal(message, _run.Outcome().Error!.Message);
    }

    [Fact]
    public async Task Exception_is_printed_as_python_does_without_our_frames()
    {
        Requirement.Toolchain("python");
        Ended ended = await CallAsync(
            """
            class Bad(Exception): pass
            def inner():
                try:
                    {}["x"]
                except KeyError:
                    raise Bad("one\ntwo")
            def main(): inner()
            """,
            "main");
        TaskError error = _run.Outcome().Error!;

        Assert.Equal(1, ended.ExitCode);
        Assert.Equal("main.Bad", error.Type);
        Assert.Equal("one\ntwo", error.Message);
        Assert.Equal(ended.Stderr, error.Traceback);
        Assert.StartsWith("Traceback (most recent call last):\n  File \"", ended.Stderr, StringComparison.Ordinal);
        Assert.Contains("During handling of the above exception", ended.Stderr, StringComparison.Ordinal);
        Assert.EndsWith("main.Bad: one\ntwo\n", ended.Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain(".executor", ended.Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("importlib", ended.Stderr, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("def main(: pass", "SyntaxError")]
    [InlineData("import nowhere", "ModuleNotFoundError")]
    [InlineData("1/0", "ZeroDivisionError")]
    [InlineData("async def main(): raise OSError('x')", "OSError")]
    [InlineData("def main(): return main()", "RecursionError")]
    public async Task Failure_anywhere_in_the_users_code_shows_only_the_users_frames(string code, string type)
    {
        Requirement.Toolchain("python");
        Ended ended = await CallAsync(code, "main");
        TaskError error = _run.Outcome().Error!;

        Assert.Equal(1, ended.ExitCode);
        Assert.Equal(type, error.Type);
        Assert.Contains("main.py", error.Traceback, StringComparison.Ordinal);
        Assert.DoesNotContain(".executor", ended.Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("asyncio", ended.Stderr, StringComparison.Ordinal);
        Assert.Equal(type, ProgramErrorParser.Parse(_run.Plan!.Runtime, 1, null, ended.Stderr).Type);
    }

    [Fact]
    public async Task Missing_function_names_those_that_are_there()
    {
        Requirement.Toolchain("python");
        Ended ended = await CallAsync("import os\ndef main(): pass\ndef other(): pass\n_x = 1", "mian");

        Assert.Equal("AttributeError: main.py has no function 'mian'; its functions are: main, other\n", ended.Stderr);
        Assert.Equal("AttributeError", _run.Outcome().Error!.Type);
    }

    [Fact]
    public async Task Wrong_params_are_the_callers_TypeError()
    {
        Requirement.Toolchain("python");
        Ended ended = await CallAsync("def main(a): pass", "main", """{"b":1}""");

        Assert.Equal(1, ended.ExitCode);
        Assert.Equal("TypeError: main() got an unexpected keyword argument 'b'\n", ended.Stderr);
    }

    [Fact]
    public async Task Exit_passes_through_and_leaves_no_result()
    {
        Requirement.Toolchain("python");
        Ended ended = await CallAsync("import sys\ndef main(): sys.exit(5)", "main");

        Assert.Equal(5, ended.ExitCode);
        Assert.False(_run.HasOutcome);
    }

    [Fact]
    public async Task Script_named_like_a_loaded_module_does_not_break_it()
    {
        Requirement.Toolchain("python");
        Ended ended = await _run.RunAsync(new TaskSpec
        {
            Script = "json.py",
            Callable = "main",
            Files = new Dictionary<string, TaskFile> { ["json.py"] = new() { Content = "def main(): return 'mine'" } },
        });

        Assert.Equal("", ended.Stderr);
        Assert.Equal("\"mine\"", Value());
    }

    [Fact]
    public async Task Entrypoint_calls_a_function_of_a_package()
    {
        Requirement.Toolchain("python");
        Ended ended = await _run.RunAsync(Entry("pkg.mod:tool.double"));

        Assert.Equal("", ended.Stderr);
        Assert.Equal("42", Value());
    }

    [Fact]
    public async Task Entrypoint_without_a_function_runs_the_module()
    {
        Requirement.Toolchain("python");
        Ended ended = await _run.RunAsync(Entry("pkg.mod"));

        Assert.Equal("main of pkg.mod\n", ended.Stdout);
        Assert.Null(_run.Plan!.ResultFile);
    }

    [Fact]
    public async Task Entrypoint_that_is_not_there_names_what_is()
    {
        Requirement.Toolchain("python");
        Ended ended = await _run.RunAsync(Entry("pgk.mod:main"));

        Assert.Equal("ModuleNotFoundError: No module named 'pgk' (looked in the working directory; it has: pkg)\n", ended.Stderr);
    }

    private static TaskSpec Entry(string entrypoint) => new()
    {
        Entrypoint = entrypoint,
        Params = entrypoint.Contains(':') ? Json("""{"x":21}""") : null,
        Files = new Dictionary<string, TaskFile>
        {
            ["pkg/__init__.py"] = new() { Content = "" },
            ["pkg/mod.py"] = new()
            {
                Content = """
                    from . import __name__ as package
                    class tool:
                        @staticmethod
                        def double(x): return x * 2
                    if __name__ == "__main__": print("main of", package + ".mod")
                    """,
            },
        },
    };

    private Task<Ended> CallAsync(string code, string function, string? parameters = null, string[]? args = null, string input = "") =>
        _run.RunAsync(
            new TaskSpec { Language = "python", Code = code, Callable = function, Params = parameters is null ? null : Json(parameters), Args = args },
            input);

    private string Value() => _run.Outcome().Value!.Value.GetRawText();

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
