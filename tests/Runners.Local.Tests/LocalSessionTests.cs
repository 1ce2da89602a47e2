using Executor.Executors;
using Executor.Runners.ContractTests;
using Executor.Runners.Local.Options;
using Executor.Runners.Local.Plain;
using Executor.Runners.Local.Sandbox;
using Executor.Runners.Local.Tests.Sandbox;

namespace Executor.Runners.Local.Tests;

/// <summary>The contract of sessions on this machine.</summary>
public abstract class LocalSessions : SessionContract
{
    protected override RunnerBackends Backends { get; } = new RunnerBackends()
        .Add(new SandboxBackend(new SandboxOptions()))
        .Add(new PlainBackend(), sandboxed: false);

    protected override CodeExecutorOptions CodeExecutor => LocalCodeExecutorOptions.Default;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Backends.DisposeAsync();
    }

    protected override IEnumerable<string> HostCommandLines() => Leftovers.CommandLines();
}

/// <summary>In the sandbox.</summary>
public sealed class SandboxSessionTests : LocalSessions
{
    // Deaf to the kill that the timeout leads to, so that the wait for its answer has to end too.
    [Fact]
    public Task Code_that_stops_what_watches_it_gets_another() => AttackWatcherAsync("os.kill(os.getppid(), 19)");
}

/// <summary>Without it.</summary>
public sealed class PlainSessionTests : LocalSessions
{
    protected override bool Sandboxed => false;
}
