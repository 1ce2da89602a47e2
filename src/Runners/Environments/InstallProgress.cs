namespace Executor.Runners.Environments;

/// <summary>Where an installation tells what it does.</summary>
/// <param name="Log">Takes a line.</param>
/// <param name="Report">Takes how far it is, 0 to 1.</param>
internal sealed record InstallProgress(Action<string> Log, Action<double> Report)
{
    public static InstallProgress Unwatched { get; } = new(_ => { }, _ => { });
}
