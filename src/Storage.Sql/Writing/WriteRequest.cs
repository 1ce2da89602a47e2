using Executor.Storage.Sql.Databases;

namespace Executor.Storage.Sql.Writing;

/// <summary>What one caller wants written, with its part of the answer.</summary>
internal abstract class WriteRequest
{
    /// <summary>When the caller came, by <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long Since { get; set; }

    /// <summary>Tasks it is about; counted against the size of a transaction.</summary>
    public virtual int Weight => 1;

    /// <summary>Characters it writes, about; counted against the size of a transaction.</summary>
    public virtual long Characters => 0;

    /// <summary>Tasks it may insert.</summary>
    public virtual int NewTasks => 0;

    /// <summary>Ids of the tasks it reads or changes.</summary>
    public virtual IEnumerable<string> TaskIds => [];

    /// <summary>Whether <see cref="ExecuteAsync"/> does something.</summary>
    public virtual bool HasStatements => false;

    /// <summary>Whether nobody waits for it any more.</summary>
    public bool IsAbandoned { get; protected set; }

    /// <summary>Works out what it does to the transaction's tasks, and what to answer. Done anew when the transaction is.</summary>
    public virtual void Apply(WriteBatch batch)
    {
    }

    /// <summary>Writes what is not about tasks, after the tasks have been written.</summary>
    public virtual Task ExecuteAsync(WriteConnection session, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Gives the caller the answer: it is durable.</summary>
    public abstract void Succeed();

    /// <summary>Tells the caller that nothing came of it.</summary>
    public abstract void Fail(StorageException exception);
}

/// <summary>A request with an answer.</summary>
internal abstract class WriteRequest<TOutcome> : WriteRequest
{
    private readonly TaskCompletionSource<TOutcome> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What to answer.</summary>
    protected TOutcome? Outcome { get; set; }

    public async Task<TOutcome> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _answer.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            IsAbandoned = true;
            throw;
        }
    }

    public override void Succeed() => _answer.TrySetResult(Outcome!);

    public override void Fail(StorageException exception) => _answer.TrySetException(exception);
}
