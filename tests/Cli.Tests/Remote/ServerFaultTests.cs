using Executor.Execution;
using Executor.Hosting;
using Executor.Http;
using Executor.Sessions;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Cli.Remote;

public sealed class ServerFaultTests
{
    private static readonly ServerAddress Server = ServerAddress.Resolve("http://host:5000", null);
    private static readonly TaskError Reason = new() { Type = "ValueError", Message = "wrong", Traceback = "Traceback: wrong" };

    public static TheoryData<Exception, bool, string> Faults => new()
    {
        { new InvalidTaskException([new("timeout", "must be over 0"), new("", "is no task")]), true, "timeout: must be over 0\nis no task" },
        { new InvalidTaskException([.. Enumerable.Range(0, 22).Select(i => new ValidationFault($"f{i}", "is bad"))]), true, "f19: is bad\nand 2 more" },
        { SessionException.Conflict("s"), true, "session 's' is open already, with another spec" },
        { SessionException.Lost("s", Reason), true, "session 's' has lost its interpreter: wrong" },
        { SessionException.StartupFailed(Reason), true, "Traceback: wrong" },
        { SessionException.Unavailable(Reason), false, "http://host:5000: ValueError: wrong" },
        { SessionException.Full(2), false, "http://host:5000: 2 sessions are open" },
        { new QueueFullException(7, 5, TimeSpan.Zero), false, "http://host:5000: 7 tasks wait already, and at most 5 may" },
        { new ServiceStoppingException(), false, "http://host:5000: the server is stopping" },
        { new StorageException("the storage can't be reached", isTransient: true), false, "http://host:5000: the storage can't be reached" },
        { new HttpServiceException(HttpFaultKind.Unauthorized, "no"), true, "no; give --api-key, or set EXECUTOR_API_KEY" },
        { new HttpServiceException(HttpFaultKind.TooLarge, "a body may have at most 1 MiB"), true, "a body may have at most 1 MiB" },
        { new HttpServiceException(HttpFaultKind.Refused, "use localhost, or set keys"), true, "use localhost, or set keys" },
        { new HttpServiceException(HttpFaultKind.NothingListens, "nobody"), false, "nobody; start a server there with 'executor serve', or name another with --server or EXECUTOR_SERVER" },
        { new HttpServiceException(HttpFaultKind.HostNotFound, "no host"), false, "no host; is --server right?" },
        { new HttpServiceException(HttpFaultKind.NotUnderstood, "no server"), false, "no server; is --server right?" },
        { new HttpServiceException(HttpFaultKind.Unreachable, "lost"), false, "lost" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Fault_is_told_with_what_to_do(Exception failed, bool isUsage, string message)
    {
        Exception? told = ServerFault.Explain(failed, Server);

        Assert.IsType(isUsage ? typeof(UsageException) : typeof(ServerUnavailableException), told);
        Assert.Contains(message, told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_key_is_told_by_where_it_comes_from() => Assert.Equal(
        "who? (--api-key); it must be one of the server's server.api_keys",
        ServerFault.Explain(new HttpServiceException(HttpFaultKind.Unauthorized, "who?"), ServerAddress.Resolve("host", "key"))?.Message);

    [Fact]
    public void Fault_of_our_own_is_none_of_the_server() => Assert.Null(ServerFault.Explain(new InvalidOperationException("x"), Server));
}
