using System.Runtime.InteropServices;

namespace Executor.Hosting;

/// <summary>
/// Turns Ctrl-C, SIGTERM and SIGHUP into a cancellation: the first asks for an orderly end, a second one ends the process at once.
/// </summary>
public sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _exitCode;

    public Interruption() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Receive(context, ExitCodes.Interrupted)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Receive(context, ExitCodes.SignalBase + 15)),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Receive(context, ExitCodes.SignalBase + 1)),
    ];

    /// <summary>Cancelled by the first signal, or by <see cref="Cancel"/>.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The exit code that tells which signal came first; null while none has.</summary>
    public int? ExitCode => Volatile.Read(ref _exitCode) is int code and not 0 ? code : null;

    /// <summary>Asks for the end for a reason of our own.</summary>
    /// <param name="exitCode">The exit code that tells it, unless a signal came first.</param>
    public void Cancel(int exitCode)
    {
        Interlocked.CompareExchange(ref _exitCode, exitCode, 0);
        _source.Cancel();
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void Receive(PosixSignalContext context, int exitCode)
    {
        context.Cancel = true;
        if (Interlocked.CompareExchange(ref _exitCode, exitCode, 0) != 0)
        {
            Environment.Exit(exitCode);
        }

        _source.Cancel();
    }
}
