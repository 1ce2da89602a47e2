namespace Executor.Benchmarks.Cluster.Events;

/// <summary>What was measured of one way in one round.</summary>
/// <param name="Flood">Events a second when all wait at once.</param>
/// <param name="FloodCpu">Microseconds of processor an event, of both sides, pushing included.</param>
/// <param name="SteadyMedian">Microseconds until an event is there, at a steady rate.</param>
/// <param name="SteadyCpu">Microseconds of processor an event then.</param>
/// <param name="AloneMedian">Microseconds until an event is there that comes alone.</param>
/// <param name="AloneHigh">That of which 95 % are below.</param>
internal sealed record EventFigures(double Flood, double FloodCpu, double SteadyMedian, double SteadyCpu, double AloneMedian, double AloneHigh);
