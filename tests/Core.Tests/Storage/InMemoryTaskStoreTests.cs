namespace Executor.Storage;

public sealed class InMemoryTaskStoreTests : TaskStoreContract
{
    protected override Task<ITaskStore> OpenAsync() => Task.FromResult<ITaskStore>(new InMemoryTaskStore(Time, OutputLimit));
}
