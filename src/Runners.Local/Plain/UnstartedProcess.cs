using Executor.Runners.Workspaces;

namespace Executor.Runners.Local.Plain;

/// <summary>Stands for a program that could not be started.</summary>
internal sealed class UnstartedProcess(string problem) : IRunningProcess
{
    private const int NotFound = 127;

    public Stream StandardInput => Stream.Null;

    public Task<ProcessExit> WaitAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new ProcessExit { ExitCode = NotFound, StartError = problem });

    public Task StopAsync(StopMode mode, CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
