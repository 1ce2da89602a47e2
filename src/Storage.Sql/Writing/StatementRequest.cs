using Executor.Storage.Sql.Databases;

namespace Executor.Storage.Sql.Writing;

/// <summary>Writes what is not about tasks, or removes tasks.</summary>
internal sealed class StatementRequest<TOutcome>(Func<WriteConnection, CancellationToken, Task<TOutcome>> execute) : WriteRequest<TOutcome>
{
    public override bool HasStatements => true;

    public override async Task ExecuteAsync(WriteConnection session, CancellationToken cancellationToken) =>
        Outcome = await execute(session, cancellationToken);
}
