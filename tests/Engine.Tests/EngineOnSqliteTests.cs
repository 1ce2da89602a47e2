using Executor.Storage;
using Executor.Storage.Sql;
using Executor.Storage.Sql.Databases;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Engine;

/// <summary>The engine over a SQLite file, opened anew at each start.</summary>
public sealed class EngineOnSqliteTests : ExecutionServiceContract
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("executor-engine-tests-");
    private ITaskStore? _store;
    private EngineHost? _host;

    public override async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    protected override async Task<TestedService> StartAsync(TimeProvider time, EngineOptions options)
    {
        _store = await SqlTaskStores.OpenSqliteAsync(
            Path.Combine(_folder.FullName, SqlTaskStores.FileName), SqlStoreOptions.Default, time, NullLogger.Instance, None);
        _host = await EngineHost.StartAsync(_store, options, time);
        return TestedService.Of(_host.Engine);
    }

    protected override async Task StopAsync()
    {
        await _host!.DisposeAsync();
        await _store!.DisposeAsync();
    }
}
