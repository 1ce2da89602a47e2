using Executor.Executors;
using Executor.Runners.Docker.Options;
using Executor.Text;

namespace Executor.Configuration;

public sealed class EnvironmentTests
{
    [Fact]
    public void Variable_sets_a_key_without_a_file() =>
        Assert.Equal(5001, Load.Environment(("EXECUTOR__SERVER__PORT", "5001")).Server.Port);

    [Fact]
    public void Variable_wins_over_the_file_and_leaves_its_other_keys()
    {
        ServerOptions server = Load.Yaml("server: {port: 5000, host: h}", ("executor__Server__PORT", "5001")).Server;

        Assert.Equal((5001, "h"), (server.Port, server.Host));
    }

    [Fact]
    public void Variable_hides_the_faulty_value_it_replaces() =>
        Assert.Equal(7, Load.Yaml("server: {port: x}", ("EXECUTOR__SERVER__PORT", "7")).Server.Port);

    [Fact]
    public void Variables_can_make_a_whole_code_executor()
    {
        var docker = (DockerCodeExecutorOptions)Assert.Single(Load.Environment(
            ("EXECUTOR__CODE_EXECUTORS__DOCKER__PY_311__IMAGE", "python:3.11"),
            ("EXECUTOR__CODE_EXECUTORS__DOCKER__PY_311__LIMITS__MEMORY_MB", "99")).CodeExecutors);

        Assert.Equal(("py_311", "python:3.11", 99), (docker.Name, docker.Image, docker.Limits?.MemoryMb));
    }

    [Fact]
    public void Variable_finds_the_name_in_the_file_whatever_its_letter_case()
    {
        CodeExecutorOptions local = Assert.Single(Load.Yaml(
            "code_executors: {local: {MyVenv: {code_executor_path: /p}}}",
            ("EXECUTOR__CODE_EXECUTORS__LOCAL__MYVENV__TIMEOUT_SEC", "2.5")).CodeExecutors);

        Assert.Equal(("MyVenv", "/p", 2.5), (local.Name, local.CodeExecutorPath, local.Timeout.TotalSeconds));
    }

    [Fact]
    public void Variable_changes_only_the_entry_it_names_not_others_of_the_same_anchor()
    {
        IReadOnlyList<CodeExecutorOptions> locals = Load.Yaml(
            "code_executors: {local: {a: &a {timeout_sec: 1}, b: *a}}",
            ("EXECUTOR__CODE_EXECUTORS__LOCAL__A__TIMEOUT_SEC", "2")).CodeExecutors;

        Assert.Equal([2, 1], locals.Select(local => local.Timeout.TotalSeconds));
    }

    [Theory]
    [InlineData("json, numpy", "json", "numpy")]
    [InlineData("json,,", "json")]
    [InlineData("""["json", "a,b"]""", "json", "a,b")]
    public void Variable_for_a_list_is_commas_or_a_json_array(string value, params string[] expected) =>
        Assert.Equal(expected, Load.Environment(("EXECUTOR__SANDBOX__PRELOAD", value)).Sandbox.Preload);

    [Theory]
    [InlineData("[")]
    [InlineData("[1]")]
    [InlineData("[\"\\ud800\"]")]
    public void Variable_for_a_list_that_is_no_json_is_a_fault(string value) =>
        Assert.Equal("EXECUTOR__SANDBOX__PRELOAD: must be a list of texts ([a, b])", Load.Fault("", ("EXECUTOR__SANDBOX__PRELOAD", value)));

    [Fact]
    public void Variable_for_a_map_of_variables_keeps_the_letter_case() =>
        Assert.Equal("2", Load.Environment(("EXECUTOR__RUNTIMES__PYTHON__ENV__OMP_Threads", "2")).Runtimes["python"].Env?["OMP_Threads"]);

    [Fact]
    public void Variable_values_are_taken_as_they_are()
    {
        Secret? postgres = Load.Environment(("EXECUTOR__STORAGE__POSTGRES", "Host=a;Password=${x}null")).Storage.Postgres;

        Assert.Equal("Host=a;Password=${x}null", postgres?.Reveal());
    }

    [Theory]
    [InlineData("EXECUTOR__SERVER__PORT", "abc", "EXECUTOR__SERVER__PORT: must be a whole number from 0 to 65535, was \"abc\"")]
    [InlineData("Executor__Server__Prot", "1", "Executor__Server__Prot: unknown key; did you mean port? Known keys: api_keys, callback_hosts, host, max_body_mb, max_queue, max_requests_per_sec, port, priority_aging_sec")]
    [InlineData("EXECUTOR__SERVER", "1", "EXECUTOR__SERVER: must be a section (keys with values), was \"1\"")]
    [InlineData("EXECUTOR__SERVER__PORT__X", "1", "EXECUTOR__SERVER__PORT__X: must be a whole number from 0 to 65535, was a section")]
    [InlineData("EXECUTOR__SERVER____PORT", "1", "EXECUTOR__SERVER____PORT: must name a key, as EXECUTOR__SERVER__PORT does")]
    [InlineData("EXECUTOR__", "1", "EXECUTOR__: must name a key, as EXECUTOR__SERVER__PORT does")]
    [InlineData("EXECUTOR__A__B__C__D__E__F__G__H__I", "1", "EXECUTOR__A__B__C__D__E__F__G__H__I: must name a key, as EXECUTOR__SERVER__PORT does")]
    public void Variable_faults_are_reported_by_its_name(string name, string value, string expected) =>
        Assert.Equal(expected, Load.Fault("", (name, value)));

    [Fact]
    public void Variables_that_contradict_each_other_are_a_fault()
    {
        Assert.Equal(
            "executor__server__port: contradicts EXECUTOR__SERVER__PORT; unset one of them",
            Load.Fault("", ("EXECUTOR__SERVER__PORT", "1"), ("executor__server__port", "2")));
        Assert.Contains(
            "EXECUTOR__SERVER__PORT: contradicts EXECUTOR__SERVER; unset one of them",
            Load.Faults("", ("EXECUTOR__SERVER__PORT", "1"), ("EXECUTOR__SERVER", "2")));
    }

    [Fact]
    public void Variable_below_a_value_of_the_file_is_a_fault() =>
        Assert.Contains(
            "EXECUTOR__STORAGE__POSTGRES__FILE: can't set a key of POSTGRES, which is a value in config.yaml:1",
            Load.Faults("storage: {POSTGRES: abc}", ("EXECUTOR__STORAGE__POSTGRES__FILE", "/x")));
}
