namespace Executor.Configuration;

public sealed class VariableTests
{
    [Theory]
    [InlineData("${A}", "one")]
    [InlineData("x${A}y${B}z", "xoneytwoz")]
    [InlineData("$${A}", "${A}")]
    [InlineData("$$${A}", "$${A}")]
    [InlineData("$A {A} $", "$A {A} $")]
    [InlineData("${EMPTY}x", "x")]
    [InlineData("${LOOP}", "${LOOP}")]
    public void Value_with_variables_is_expanded_once(string text, string expected)
    {
        string host = Load.Yaml($"server: {{host: '{text}'}}", ("A", "one"), ("B", "two"), ("EMPTY", ""), ("LOOP", "${LOOP}")).Server.Host;

        Assert.Equal(expected, host);
    }

    [Fact]
    public void Value_of_any_kind_may_be_a_variable()
    {
        ExecutorConfiguration configuration = Load.Yaml(
            "server: {port: '${P}', api_keys: ['${K}']}\nsandbox: {preload: ['${M}']}\nruntimes: {r: {env: {A: '${M}'}}}",
            ("P", "81"), ("K", "key"), ("M", "json"));

        Assert.Equal((81, "key", "json", "json"), (configuration.Server.Port, configuration.Server.ApiKeys[0].Reveal(), configuration.Sandbox.Preload[0], configuration.Runtimes["r"].Env?["A"]));
    }

    [Theory]
    [InlineData("${}")]
    [InlineData("a ${NAME")]
    [InlineData("${")]
    public void Value_with_a_broken_variable_is_a_fault(string text) =>
        Assert.Equal(
            "config.yaml:1: server.host: has ${ without a NAME} after it; write $${ for the two characters themselves",
            Load.Fault($"server: {{host: '{text}'}}"));

    [Fact]
    public void Every_missing_variable_is_a_fault() =>
        Assert.Equal(
            ["config.yaml:1: server.host: the environment variable A is not set", "config.yaml:1: server.host: the environment variable B is not set"],
            Load.Faults("server: {host: '${A}${B}'}"));
}
