using Executor.Tasks;

namespace Executor.Runners.Ssh.Tests;

/// <summary>What other users of a host leave in its temporary folder is run neither by agents there nor by tasks without a sandbox.</summary>
public sealed class PlantedCodeTests : IAsyncLifetime
{
    private SshServer _server = null!;
    private SharedHome _home = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await SshServer.StartAsync();
        _home = new SharedHome(_server.Folder, "/usr/bin/python3", Requirement.Toolchain("python").Path!);
    }

    public async ValueTask DisposeAsync()
    {
        _home?.Dispose();
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Theory]
    [InlineData("python", "print(1)\ntry:\n    import {0}\nexcept ImportError:\n    print(2)", true)]
    [InlineData("python", "print(1)\ntry:\n    import {0}\nexcept ImportError:\n    print(2)", false)]
    [InlineData("node", "console.log(1)\ntry {{ require('{0}') }} catch {{ console.log(2) }}", true)]
    [InlineData("node", "console.log(1)\ntry {{ require('{0}') }} catch {{ console.log(2) }}", false)]
    public async Task None_of_it_is_run(string language, string code, bool sandboxed)
    {
        Requirement.Toolchain(language);
        await using SshRunner ssh = new(_server.Options(), sandboxed: sandboxed);

        TaskResult result = await ssh.RunAsync(new TaskSpec
        {
            Language = language,
            Code = string.Format(System.Globalization.CultureInfo.InvariantCulture, code, _home.Package),
            Env = new Dictionary<string, string> { ["MARK"] = _home.Mark },
        });

        Assert.Equal("1\n2\n", result.Stdout);
        Assert.Empty(_home.Ran);
    }
}
