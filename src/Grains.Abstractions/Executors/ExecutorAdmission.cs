namespace Executor.Grains.Executors;

/// <summary>How an executor's connection is admitted.</summary>
/// <param name="Connection">The connection's number: those of later connections of the executor are higher, on whichever silo.</param>
/// <param name="IsDrained">Whether an operator has drained the executor: it is to be given nothing.</param>
[GenerateSerializer, Immutable, Alias("executor.admission")]
public sealed record ExecutorAdmission([property: Id(0)] long Connection, [property: Id(1)] bool IsDrained);
