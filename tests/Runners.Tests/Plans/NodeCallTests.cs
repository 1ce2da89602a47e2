using System.Text.Json;
using Executor.Tasks;

namespace Executor.Runners.Plans;

/// <summary>Functions called in a real Node.</summary>
public sealed class NodeCallTests : IDisposable
{
    private readonly PlanRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Function_gets_the_params_object_and_its_value_is_the_result()
    {
        Requirement.Toolchain("node");
        Ended ended = await CallAsync(
            """
            #!/usr/bin/env node
            const fs = require("fs");
            function main({ a, b = 2 }) {
              console.log("printed", process.argv.slice(2), require.main === module, fs.readFileSync(0, "utf8"));
              return { sum: a + b, when: new Date(0), nothing: undefined, text: "grüße" };
            } // the end
            """,
            "main", """{"a":1}""", args: ["x"], input: "typed");

        Assert.Equal("printed [ 'x' ] false typed\n", ended.Stdout);
        Assert.Equal("", ended.Stderr);
        Assert.Equal("""{"sum":3,"when":"1970-01-01T00:00:00.000Z","text":"grüße"}""", Value());
    }

    [Theory]
    [InlineData("main.js", "async function main() { await null; return [1]; }", "main", "[1]")]
    [InlineData("main.js", "function* main() { yield 1; yield 2; }", "main", "[1,2]")]
    [InlineData("main.js", "async function* main() { yield 1; }", "main", "[1]")]
    [InlineData("main.js", "function main() {}", "main", "null")]
    [InlineData("main.js", "const main = () => 'arrow'", "main", "\"arrow\"")]
    [InlineData("main.js", "module.exports = function main() { return 1; }", "main", "1")]
    [InlineData("main.js", "exports.api = { k: 4, f() { return this.k; } }", "api.f", "4")]
    [InlineData("main.mjs", "export async function main(p) { return [p, typeof require]; }", "main", "[{},\"undefined\"]")]
    [InlineData("main.mjs", "export default { run() { return 'default'; } }", "run", "\"default\"")]
    [InlineData("main.cjs", "exports.main = () => __filename.endsWith('main.cjs')", "main", "true")]
    public async Task Value_can_come_in_many_ways(string file, string code, string function, string value)
    {
        Requirement.Toolchain("node");
        Ended ended = await ScriptAsync(file, code, function);

        Assert.Equal("", ended.Stderr);
        Assert.Equal(value, Value());
        Assert.Equal(0, ended.ExitCode);
    }

    [Fact]
    public async Task Package_of_type_module_is_called_into_too()
    {
        Requirement.Toolchain("node");
        Ended ended = await _run.RunAsync(new TaskSpec
        {
            Entrypoint = "lib.tool:twice",
            Language = "node",
            Params = JsonDocument.Parse("""{"x":21}""").RootElement,
            Files = new Dictionary<string, TaskFile>
            {
                ["package.json"] = new() { Content = """{"type":"module"}""" },
                ["lib/tool.js"] = new() { Content = "export const twice = ({ x }) => x * 2;" },
            },
        });

        Assert.Equal("", ended.Stderr);
        Assert.Equal("42", Value());
    }

    [Fact]
    public async Task Entrypoint_without_a_function_runs_the_module()
    {
        Requirement.Toolchain("node");
        Ended ended = await _run.RunAsync(new TaskSpec
        {
            Entrypoint = "lib/tool",
            Language = "js",
            Args = ["x"],
            Files = new Dictionary<string, TaskFile> { ["lib/tool.js"] = new() { Content = "console.log(require.main === module, process.argv[2])" } },
        });

        Assert.Equal("true x\n", ended.Stdout);
    }

    [Theory]
    [InlineData("function main() { return { a: [1, new Set()] }; }", "main() must return JSON: result[\"a\"][1] is a Set")]
    [InlineData("function main() { return [0 / 0]; }", "main() must return JSON: result[0] is NaN, which JSON has no number for")]
    [InlineData("function main() { return 5n; }", "main() must return JSON: result is a bigint")]
    [InlineData("function main() { return { f() {} }; }", "main() must return JSON: result[\"f\"] is a function")]
    [InlineData("function main() { const a = []; a.push(a); return a; }", "main() must return JSON: Converting circular structure to JSON")]
    [InlineData("function main() { return new Promise(() => {}); }", "main() returned a promise that can never settle: nothing is left to wait for")]
    public async Task Value_that_is_not_JSON_is_told_by_its_place(string code, string message)
    {
        Requirement.Toolchain("node");
        Ended ended = await CallAsync(code, "main");

        Assert.Equal(1, ended.ExitCode);
        Assert.Equal($"executor: {message}\n", ended.Stderr);
        Assert.Equal(TaskErrorTypes.ResultError, _run.Outcome().Error!.Type);
        Assert.Equal(message, _run.Outcome().Error!.Message);
    }

    [Theory]
    [InlineData("function main() { throw new RangeError('boom'); }", "RangeError", "boom")]
    [InlineData("async function main() { await null; throw new TypeError('late'); }", "TypeError", "late")]
    [InlineData("class OwnError extends Error { name = 'OwnError' }\nfunction main() { throw new OwnError('a\\nb', { cause: new Error('c') }); }", "OwnError", "a\nb")]
    [InlineData("throw new Error('loading')", "Error", "loading")]
    [InlineData("function main() {} }", "SyntaxError", "Unexpected token '}'")]
    [InlineData("function main() { throw 5; }", "Uncaught", "5")]
    public async Task Exception_is_told_without_our_frames(string code, string type, string message)
    {
        Requirement.Toolchain("node");
        Ended ended = await CallAsync(code, "main");
        TaskError error = _run.Outcome().Error!;

        Assert.Equal(1, ended.ExitCode);
        Assert.Equal(type, error.Type);
        Assert.Equal(message, error.Message);
        Assert.DoesNotContain(".executor", ended.Stderr, StringComparison.Ordinal);
        TaskError printed = ProgramErrorParser.Parse(_run.Plan!.Runtime, 1, null, ended.Stderr);
        Assert.Equal((error.Type, error.Message), (printed.Type, printed.Message));
    }

    [Fact]
    public async Task Error_outside_the_call_is_nodes_own_to_tell()
    {
        Requirement.Toolchain("node");
        Ended ended = await CallAsync("function main() { setTimeout(() => { throw new Error('later'); }, 1); return new Promise(() => {}); }", "main");

        Assert.False(_run.HasOutcome);
        Assert.Equal("later", ProgramErrorParser.Parse(_run.Plan!.Runtime, ended.ExitCode, null, ended.Stderr).Message);
    }

    [Fact]
    public async Task Missing_function_names_those_that_are_there()
    {
        Requirement.Toolchain("node");
        Ended ended = await CallAsync("function one() {}\nasync function two() {}\nexports.three = () => 1;", "main");

        Assert.StartsWith("ReferenceError: main.js has no function 'main'; its functions are: one, three, two\n", ended.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exit_passes_through_and_leaves_no_result()
    {
        Requirement.Toolchain("node");
        Ended ended = await CallAsync("function main() { process.exit(5); }", "main");

        Assert.Equal(5, ended.ExitCode);
        Assert.False(_run.HasOutcome);
    }

    private Task<Ended> CallAsync(string code, string function, string? parameters = null, string[]? args = null, string input = "") => _run.RunAsync(
        new TaskSpec { Language = "node", Code = code, Callable = function, Params = parameters is null ? null : JsonDocument.Parse(parameters).RootElement, Args = args },
        input);

    private Task<Ended> ScriptAsync(string file, string code, string function) => _run.RunAsync(
        new TaskSpec { Script = file, Callable = function, Files = new Dictionary<string, TaskFile> { [file] = new() { Content = code } } });

    private string Value() => _run.Outcome().Value!.Value.GetRawText();
}
