using Executor.Storage.Sql.Tests.Contract;

namespace Executor.Storage.Sql.Tests;

public sealed class InMemoryTaskStoreTests : TaskStoreContract
{
    protected override Task<ITaskStore> OpenAsync() => Task.FromResult<ITaskStore>(new InMemoryTaskStore(Time, OutputLimit));
}
