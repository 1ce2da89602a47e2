namespace Executor.Tasks;

/// <summary>Receives a piece of output. The memory is only valid during the call.</summary>
public delegate ValueTask OutputReceiver(OutputStream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken);
