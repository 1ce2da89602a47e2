using Executor.Execution;
using Executor.Hosting;
using Executor.Http;
using Executor.Http.Wire;
using Executor.Sessions;
using Executor.Storage;
using Executor.Tasks;
using Executor.Text;

namespace Executor.Cli.Remote;

/// <summary>Tells a person what a server does not do, and what to do about it.</summary>
internal static class ServerFault
{
    private const int ShownFaults = 20;

    /// <summary>The exception that tells it: a <see cref="UsageException"/> for what the server won't do, a <see cref="ServerUnavailableException"/> for what it can't.</summary>
    /// <returns>Null: it is no fault of a server.</returns>
    public static Exception? Explain(Exception failed, ServerAddress server) => failed switch
    {
        InvalidInputException invalid => new UsageException(Describe(invalid.Faults)),
        SessionException { Kind: SessionFaultKind.Conflict or SessionFaultKind.Lost } session => new UsageException(session.Message),
        SessionException { Kind: SessionFaultKind.StartupFailed } session => new UsageException(session.Error?.Traceback ?? session.Message),
        SessionException { Error: TaskError error } session => new ServerUnavailableException($"{server.Shown}: {error.Type}: {session.Message}", session),
        SessionException or QueueFullException or ServiceStoppingException or StorageException => new ServerUnavailableException($"{server.Shown}: {failed.Message}", failed),
        HttpServiceException { Kind: HttpFaultKind.Unauthorized } refused => new UsageException(refused.Message + KeyHint(server)),
        HttpServiceException { Kind: HttpFaultKind.Refused or HttpFaultKind.TooLarge } refused => new UsageException(refused.Message),
        HttpServiceException other => new ServerUnavailableException(other.Message + AddressHint(other.Kind), other),
        _ => null,
    };

    /// <summary>What was asked for is not there.</summary>
    /// <param name="what">What it is: <c>task</c>, say.</param>
    /// <param name="id">Its id.</param>
    public static UsageException NotFound(string what, string id) => new($"there is no {what} '{QuotedText.Cut(id)}'");

    /// <summary>Another task has the id.</summary>
    public static UsageException Conflict(TaskReceipt receipt) => new(Problem.TaskIdTaken(receipt.TaskId, receipt.Status).Detail!);

    /// <summary>A line for each fault.</summary>
    private static string Describe(IReadOnlyList<ValidationFault> faults)
    {
        IEnumerable<string> lines = faults.Take(ShownFaults).Select(fault => fault.ToString());
        return string.Join('\n', faults.Count > ShownFaults ? lines.Append($"and {faults.Count - ShownFaults} more") : lines);
    }

    private static string KeyHint(ServerAddress server) => server.KeySource is string source
        ? $" ({source}); it must be one of the server's server.api_keys"
        : $"; give --api-key, or set {ServerAddress.KeyVariable}";

    private static string AddressHint(HttpFaultKind kind) => kind switch
    {
        HttpFaultKind.NothingListens => $"; start a server there with 'executor serve', or name another with --server or {ServerAddress.ServerVariable}",
        HttpFaultKind.HostNotFound or HttpFaultKind.NotUnderstood => "; is --server right?",
        _ => "",
    };
}
