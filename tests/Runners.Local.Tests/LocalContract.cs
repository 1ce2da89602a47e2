using Executor.Runners.ContractTests;
using Executor.Runners.Local.Tests.Sandbox;
using Executor.Tasks;

namespace Executor.Runners.Local.Tests;

/// <summary>The runner contract on this machine.</summary>
public abstract class LocalContract : RunnerContract, IAsyncLifetime
{
    private LocalRunner _local = null!;

    public ValueTask InitializeAsync()
    {
        _local = Create();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _local.DisposeAsync();

    private protected abstract LocalRunner Create();

    protected override Task<TaskResult> RunAsync(TaskSpec task, OutputReceiver? live = null, Stream? input = null, CancellationToken cancellationToken = default) =>
        _local.RunAsync(task, live, input, cancellationToken: cancellationToken);

    protected override IEnumerable<string> HostCommandLines() => Leftovers.CommandLines();
}

/// <summary>With the sandbox, warm where it can be.</summary>
public sealed class SandboxContractTests : LocalContract
{
    private protected override LocalRunner Create() => LocalRunner.Sandboxed();
}

/// <summary>With the sandbox, every interpreter started for its task.</summary>
public sealed class ColdSandboxContractTests : LocalContract
{
    private protected override LocalRunner Create() => LocalRunner.Cold();
}

/// <summary>Without the sandbox.</summary>
public sealed class PlainContractTests : LocalContract
{
    private protected override LocalRunner Create() => LocalRunner.Plain();
}
