namespace Executor.Cli.Remote;

public sealed class ApiKeyTests : ServerTest
{
    protected override string Configuration => "server: {api_keys: [right-key]}";

    [Fact]
    public async Task Server_with_keys_lets_in_who_has_one()
    {
        CliOutput none = await AskAsync("list");
        AssertRefused(none, 2, $"executor: {Url} lets nobody in without an API key; give --api-key, or set EXECUTOR_API_KEY");
        AssertRefused(await AskAsync("list", "--api-key", "wrong-key"), 2, $"executor: {Url} does not know this API key (--api-key)");
        Assert.Equal(0, (await AskAsync("list", "--api-key", "right-key")).ExitCode);
        CliOutput byVariable = await CliProcess.RunAsync(
            Folder.Path, ["run", "--code", "print('in')", "--server", Url], [], new Dictionary<string, string> { ["EXECUTOR_API_KEY"] = "right-key" });
        Assert.Equal((0, "in\n"), (byVariable.ExitCode, byVariable.Stdout));
        AssertRefused(await AskAsync("batch", Folder.Write("t.jsonl", "{\"language\":\"python\",\"code\":\"1\"}"), "--server", Url, "--api-key", "wrong-key"), 2, "does not know this API key");
    }

    [Fact]
    public async Task Server_that_is_not_there_is_told_in_one_line()
    {
        await Server.KillAsync();
        AssertRefused(await AskAsync("list"), 125, $"executor: nothing listens at {Url}; start a server there with 'executor serve'");
        AssertRefused(await AskAsync("run", "--code", "1", "--server", Url), 125, $"nothing listens at {Url}");
        await Server.StartAgainAsync();
        Assert.Equal(2, (await AskAsync("list")).ExitCode);
    }
}
