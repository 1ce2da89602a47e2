using Executor.Tasks;

namespace Executor.Storage;

/// <summary>A result that is in memory for somebody. To be disposed when it is needed no more.</summary>
public sealed class HeldResult : IDisposable
{
    private readonly MemoryShare? _share;

    internal HeldResult(TaskResult result, MemoryShare? share) => (Result, _share) = (result, share);

    /// <summary>The result.</summary>
    public TaskResult Result { get; }

    /// <summary>Whether others may have to wait for its memory.</summary>
    public bool IsCounted => _share is not null;

    /// <inheritdoc/>
    public void Dispose() => _share?.Dispose();
}
