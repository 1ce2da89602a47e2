using Executor.Tasks;

namespace Executor.Sessions;

/// <summary>
/// A live interpreter that keeps its variables from one execution to the next. One execution at a time; <see cref="InterruptAsync"/> may be called
/// meanwhile. Disposing it ends every process of it and removes every file.
/// </summary>
public interface IInterpreter : IAsyncDisposable
{
    /// <summary>The runtime, kind of runner and code executor that hold it.</summary>
    InterpreterPlace Place { get; }

    /// <summary>
    /// Completes when it is gone for good and nothing more can be executed in it: our own machinery failed, or its memory limit ended all of it. Never faults.
    /// </summary>
    Task<Exception?> Gone { get; }

    /// <summary>
    /// Executes code. When the time is up it is interrupted, and if it does not heed that within a short grace it is ended with its
    /// interpreter, and another one begins. Code that ends the interpreter has the same effect. Cancelling interrupts it in the same way.
    /// </summary>
    /// <param name="code">Source text.</param>
    /// <param name="name">What tracebacks call it (<c>&lt;execution 3&gt;</c>).</param>
    /// <param name="timeout">Wall-clock time.</param>
    /// <param name="output">Receives output as it comes, in order within a stream; all of it before this returns.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    /// <exception cref="RunnerException">It is gone for good.</exception>
    Task<InterpreterReply> ExecuteAsync(string code, string name, TimeSpan timeout, OutputReceiver output, CancellationToken cancellationToken);

    /// <summary>Asks what is executed to end (a <c>KeyboardInterrupt</c> in Python); nothing when nothing is. The interpreter stays.</summary>
    Task InterruptAsync(CancellationToken cancellationToken);

    /// <summary>Ends it with all it has started and begins another in the same place; files stay. Not while code is executed.</summary>
    /// <exception cref="RunnerException">It is gone for good.</exception>
    Task RestartAsync(CancellationToken cancellationToken);
}
