using Executor.Limits;
using Executor.Runners.Local.Options;
using Executor.Runners.Local.Plain;
using Executor.Runners.Workspaces;
using Executor.Runtimes;

namespace Executor.Runners.Local.Tests.Plain;

/// <summary>What becomes of the working directories of plain tasks.</summary>
public sealed class WorkingDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _parent = new();

    public void Dispose() => _parent.Dispose();

    [Fact]
    public async Task Directories_of_a_process_that_was_killed_are_removed_by_the_next_one()
    {
        // An unlocked file is all that a killed process leaves of its lock.
        string killed = Directory.CreateDirectory(_parent.At("executor-plain-0123456789ab")).FullName;
        _parent.Write("executor-plain-0123456789ab/.lock", "");
        _parent.Write("executor-plain-0123456789ab/1/deep/file", "left");

        await using PlainBackend next = new();
        await OpenAsync(next);

        Assert.False(Directory.Exists(killed));
    }

    [Fact]
    public async Task Directories_of_a_process_that_lives_stay()
    {
        await using PlainBackend living = new();
        IWorkspace used = await OpenAsync(living);

        await using PlainBackend next = new();
        await OpenAsync(next);

        Assert.True(Directory.Exists(used.Directory));
    }

    [Fact]
    public async Task Folders_that_are_not_ours_stay()
    {
        string other = Directory.CreateDirectory(_parent.At("executor-data")).FullName;
        string unlockedYet = Directory.CreateDirectory(_parent.At("executor-plain-ba9876543210")).FullName;

        await using PlainBackend backend = new();
        await OpenAsync(backend);

        Assert.True(Directory.Exists(other) && Directory.Exists(unlockedYet));
    }

    [Fact]
    public async Task Nothing_is_left_when_the_backend_goes()
    {
        await using (PlainBackend backend = new())
        {
            await OpenAsync(backend);
            await using IWorkspace second = await OpenAsync(backend);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_parent.Path));
    }

    private Task<IWorkspace> OpenAsync(PlainBackend backend) => backend.OpenAsync(new WorkspaceRequest(
        LimitResolver.Resolve(null), Interpreter: null, WarmKind.None, new Dictionary<string, string>(), [],
        CodeExecutor: LocalCodeExecutorOptions.Default with { WorkDir = _parent.Path }), CancellationToken.None);
}
