using System.Runtime.InteropServices;

namespace Executor.Hosting.Working;

/// <summary>Ctrl-C, SIGTERM and SIGHUP: the first asks for an orderly end, the second for one at once, a third ends the process.</summary>
internal sealed class WorkerSignals : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action _drain;
    private readonly Action<int> _stop;
    private int _count;

    /// <param name="drain">Asked for an orderly end.</param>
    /// <param name="stop">Asked for an end at once, with the exit code that tells it.</param>
    public WorkerSignals(Action drain, Action<int> stop)
    {
        (_drain, _stop) = (drain, stop);
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Receive(context, ExitCodes.Interrupted)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Receive(context, ExitCodes.SignalBase + 15)),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Receive(context, ExitCodes.SignalBase + 1)),
        ];
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Receive(PosixSignalContext context, int exitCode)
    {
        context.Cancel = true;
        switch (Interlocked.Increment(ref _count))
        {
            case 1:
                _drain();
                break;
            case 2:
                _stop(exitCode);
                break;
            default:
                Environment.Exit(exitCode);
                break;
        }
    }
}
