namespace Executor.Storage;

/// <summary>What came of a callback that waited. Closed: the cases below are all there are.</summary>
/// <param name="Sequence">Its <see cref="CallbackRecord.Sequence"/>.</param>
public abstract record CallbackOutcome(long Sequence);

/// <summary>It was delivered: it is forgotten.</summary>
/// <param name="Sequence">Its number.</param>
public sealed record CallbackDelivered(long Sequence) : CallbackOutcome(Sequence);

/// <summary>A post failed, and there will be another.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Attempts">Posts that failed.</param>
/// <param name="NextAt">When the next one is due; kept to the millisecond.</param>
/// <param name="Error">Why it failed.</param>
public sealed record CallbackPutOff(long Sequence, int Attempts, DateTimeOffset NextAt, string Error) : CallbackOutcome(Sequence);

/// <summary>It is not tried any more: it is dead, and stays to be looked at.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Attempts">Posts that failed.</param>
/// <param name="At">When it was given up; kept to the millisecond.</param>
/// <param name="Error">Why.</param>
public sealed record CallbackGivenUp(long Sequence, int Attempts, DateTimeOffset At, string Error) : CallbackOutcome(Sequence);
