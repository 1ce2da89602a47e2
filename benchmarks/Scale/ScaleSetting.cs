namespace Executor.Benchmarks.Scale;

/// <summary>A cluster to simulate.</summary>
/// <param name="Executors">How many.</param>
/// <param name="Slots">Tasks at once on each.</param>
/// <param name="Tasks">How many wait at the start.</param>
/// <param name="TaskSeconds">How long one lasts on average.</param>
/// <param name="Cost">Seconds of the scheduler that one takes.</param>
internal sealed record ScaleSetting(int Executors, int Slots, int Tasks, double TaskSeconds, double Cost);

/// <summary>What came of it.</summary>
/// <param name="Rate">Tasks a second of simulated time.</param>
/// <param name="Used">Part of the slots' time in which tasks ran.</param>
/// <param name="Busy">Part of the time in which the scheduler worked.</param>
/// <param name="Queue">Real time of the queue for one task: an end, and what is given out for it. The median.</param>
internal sealed record ScaleOutcome(double Rate, double Used, double Busy, TimeSpan Queue);
