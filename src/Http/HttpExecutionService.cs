using System.Net.Http.Headers;
using Executor.Execution;
using Executor.Executors;
using Executor.Jobs;
using Executor.Sessions;

namespace Executor.Http;

/// <summary>
/// A server's tasks, sessions, jobs and executors over its HTTP API. The same contract as in the server itself. Requests are repeated while the
/// server can't be reached or is busy, as long as <see cref="HttpServiceOptions.TimeLimits"/> say, and a stream that breaks goes on where it
/// was; code in a session is sent once only. Safe to use from many threads.
/// </summary>
/// <remarks>
/// <para>
/// Beside what the contract names, all methods throw <see cref="HttpServiceException"/>: the server can't be reached, does not know the key, or
/// its answer is not understood.
/// </para>
/// <para>
/// What HTTP can't do: a submit takes as many tasks as one request may bring (10,000, of <c>server.max_body_mb</c>), of more faults than 100
/// the first 100 are named, and <see cref="ITaskService.ListAsync"/> throws <see cref="Tasks.InvalidInputException"/> for a filter with a text
/// that is empty, longer than 256 characters, or has control characters in it.
/// </para>
/// </remarks>
public sealed class HttpExecutionService : IExecutionService, IDisposable, IAsyncDisposable
{
    private const int LargestAnswerMb = 1_024;
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromDays(1);

    private readonly HttpConnection _connection;

    /// <summary>Nothing is sent before something is asked.</summary>
    /// <param name="options">How the server is reached.</param>
    /// <exception cref="ArgumentException">The address, the key, a time limit, or another of the options can't be used.</exception>
    public HttpExecutionService(HttpServiceOptions options)
    {
        Check(options);
        _connection = new HttpConnection(options);
        Tasks = new HttpTasks(_connection);
        Sessions = new HttpSessions(_connection);
        Jobs = new HttpJobs(_connection);
        Executors = new HttpExecutors(_connection);
    }

    /// <inheritdoc/>
    public ITaskService Tasks { get; }

    /// <inheritdoc/>
    public ISessionService Sessions { get; }

    /// <inheritdoc/>
    public IJobService Jobs { get; }

    /// <inheritdoc/>
    public IExecutorRegistry Executors { get; }

    /// <summary>Breaks off what is asked.</summary>
    public void Dispose() => _connection.Dispose();

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static void Check(HttpServiceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Uri server = options.Server;
        if (!server.IsAbsoluteUri
            || (server.Scheme != Uri.UriSchemeHttp && server.Scheme != Uri.UriSchemeHttps)
            || server is not { Query: "", Fragment: "", UserInfo: "" })
        {
            throw new ArgumentException($"{nameof(options.Server)}: must be an http or https address without user, query or fragment, was '{server}'.", nameof(options));
        }

        if (options.ApiKey?.Reveal() is string key && (key.Length == 0 || key.Any(character => character is < '!' or > '~')))
        {
            throw new ArgumentException($"{nameof(options.ApiKey)}: must be a key of printable ASCII characters without spaces.", nameof(options));
        }

        TimeSpan[] limits = [options.TimeLimits.Answer, options.TimeLimits.SessionStart];
        if (limits.Any(limit => limit <= TimeSpan.Zero || limit > LongestAnswer))
        {
            throw new ArgumentException($"{nameof(options.TimeLimits)}: the time for an answer must be over 0 and at most a day.", nameof(options));
        }

        if (!ProductHeaderValue.TryParse(options.Product, out _))
        {
            throw new ArgumentException($"{nameof(options.Product)}: must be a name, with a slash and a version if any, was '{options.Product}'.", nameof(options));
        }

        if (options.MaxAnswerMb is < 1 or > LargestAnswerMb)
        {
            throw new ArgumentException($"{nameof(options.MaxAnswerMb)}: must be from 1 to {LargestAnswerMb}, was {options.MaxAnswerMb}.", nameof(options));
        }
    }
}
