using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Executor.Http.Wire;

namespace Executor.Http;

/// <summary>
/// The way to a server: every request goes through here. What may be repeated is, when the connection fails or the server is busy. Safe to
/// call from many threads.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http;
    private readonly HttpServiceOptions _options;
    private bool _hasAnswered;

    public HttpConnection(HttpServiceOptions options)
    {
        _options = options;
        Faults = new HttpFaults(options);
        _http = new HttpClient(options.Handler ?? NewHandler(options.Server), disposeHandler: options.Handler is null)
        {
            BaseAddress = options.Server.AbsolutePath.EndsWith('/') ? options.Server : new Uri(options.Server.AbsoluteUri + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue(ProductHeaderValue.Parse(options.Product)));
        if (options.ApiKey is { } key)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Reveal());
        }
    }

    public HttpFaults Faults { get; }

    public TimeProvider Time => _options.Time;

    public HttpTimeLimits Limits => _options.TimeLimits;

    private long MaxAnswerBytes => (long)_options.MaxAnswerMb << 20;

    public void Dispose() => _http.Dispose();

    /// <summary>Asks, again if need be, until an answer of JSON has been read.</summary>
    public Task<HttpReply<T>> SendAsync<T>(HttpAsk ask, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => SendAsync(ask, type, answer => answer, cancellationToken);

    /// <summary>The same with what the answer means.</summary>
    /// <param name="ask">The request.</param>
    /// <param name="type">The answer's type.</param>
    /// <param name="convert">Makes of an answer what it means. May throw <see cref="ArgumentException"/> or <see cref="OverflowException"/> for one that means nothing.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<HttpReply<TResult>> SendAsync<T, TResult>(HttpAsk ask, JsonTypeInfo<T> type, Func<T, TResult> convert, CancellationToken cancellationToken)
        where T : class
        where TResult : class => SendAsync(ask, (response, token) => ReadAsync(response, type, convert, token), cancellationToken);

    /// <summary>Asks, again if need be, until an answer has been read.</summary>
    /// <exception cref="HttpServiceException">There is none within the time limits, or none of ours.</exception>
    public async Task<HttpReply<T>> SendAsync<T>(HttpAsk ask, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
        where T : class
    {
        RetrySchedule schedule = new(Time);
        while (true)
        {
            (HttpReply<T> reply, TimeSpan? wait) = await TryAsync(ask, read, schedule, cancellationToken);
            if (wait is null)
            {
                return reply;
            }

            await Task.Delay(wait.Value, Time, cancellationToken);
        }
    }

    /// <summary>Asks for events once; null with a wait: the server can't be reached or is busy, and it is to be asked again after that.</summary>
    public Task<(HttpReply<EventConnection> Reply, TimeSpan? Wait)> TryOpenAsync(HttpAsk ask, RetrySchedule schedule, CancellationToken cancellationToken) =>
        TryAsync(ask, (response, token) => OpenAsync(response), schedule, cancellationToken);

    /// <summary>Asks for events once and never again: who repeats it may have something done twice.</summary>
    public async Task<HttpReply<EventConnection>> OpenOnceAsync(HttpAsk ask, CancellationToken cancellationToken)
    {
        (HttpReply<EventConnection> reply, _) = await TryAsync(ask, (response, token) => OpenAsync(response), schedule: null, cancellationToken);
        return reply;
    }

    /// <summary>How long to wait after a connection was lost.</summary>
    /// <exception cref="HttpServiceException">It has been away for too long.</exception>
    public TimeSpan WaitOrThrow(Exception failed, RetrySchedule? schedule)
    {
        TimeSpan timeLimit = Volatile.Read(ref _hasAnswered) ? Limits.Lost : Limits.FirstContact;
        TimeSpan wait = (HttpFaults.CanChange(failed) ? schedule?.Next(timeLimit) : null) ?? throw Faults.OfConnection(failed);
        _options.TroubleChanged?.Invoke("the server does not answer; trying again");
        return wait;
    }

    /// <summary>The server has answered.</summary>
    public void Answered()
    {
        Volatile.Write(ref _hasAnswered, true);
        _options.TroubleChanged?.Invoke(null);
    }

    /// <summary>A body up to the limit.</summary>
    public async Task<AnswerStream> BodyOfAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        new(await response.Content.ReadAsStreamAsync(cancellationToken), MaxAnswerBytes, Faults.TooLarge);

    /// <summary>Reads an answer of JSON and makes of it what it means.</summary>
    /// <exception cref="HttpServiceException">It is no such answer.</exception>
    public async Task<TResult> ReadAsync<T, TResult>(HttpResponseMessage response, JsonTypeInfo<T> type, Func<T, TResult> convert, CancellationToken cancellationToken)
        where T : class
        where TResult : class
    {
        try
        {
            await using AnswerStream body = await BodyOfAsync(response, cancellationToken);
            return convert(await JsonSerializer.DeserializeAsync(body, type, cancellationToken) ?? throw new JsonException());
        }
        catch (Exception failed) when (failed is JsonException or ArgumentException or OverflowException)
        {
            throw Faults.NotOurs(response, failed);
        }
    }

    /// <summary>One attempt: its answer, or how long to wait before the next one.</summary>
    private async Task<(HttpReply<T> Reply, TimeSpan? Wait)> TryAsync<T>(
        HttpAsk ask, Func<HttpResponseMessage, CancellationToken, Task<T>> read, RetrySchedule? schedule, CancellationToken cancellationToken)
        where T : class
    {
        using CancellationTokenSource late = new(Limits.Answer + ask.Wait, Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        HttpResponseMessage? response = null;
        try
        {
            using HttpRequestMessage message = ask.ToMessage();
            response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token);
            HttpReply<T> reply;
            if (response.IsSuccessStatusCode)
            {
                reply = new HttpReply<T>(response.StatusCode, await read(response, either.Token), null);
                response = ask.IsStream ? null : response;
            }
            else
            {
                Problem? problem = await HttpFaults.ReadAsync(response, await BodyOfAsync(response, either.Token), either.Token);
                if (problem is null || !ask.Expected.Contains(response.StatusCode))
                {
                    return (default, WaitOrThrow(response, problem, schedule));
                }

                reply = new HttpReply<T>(response.StatusCode, null, problem);
            }

            Answered();
            return (reply, null);
        }
        catch (Exception failed) when (HttpFaults.IsLost(failed) || (failed is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (default, WaitOrThrow(failed, schedule));
        }
        finally
        {
            response?.Dispose();
        }
    }

    private TimeSpan WaitOrThrow(HttpResponseMessage response, Problem? problem, RetrySchedule? schedule)
    {
        TimeSpan? asked = response.Headers.RetryAfter switch
        {
            { Delta: TimeSpan delta } => delta,
            { Date: DateTimeOffset date } => date - (response.Headers.Date ?? Time.GetUtcNow()),
            _ => null,
        };
        TimeSpan wait = (HttpFaults.IsBusy(response.StatusCode, problem) ? schedule?.Next(Limits.Busy, asked) : null)
            ?? throw (problem is null ? Faults.NotOurs(response) : Faults.Of(problem, asked));
        _options.TroubleChanged?.Invoke($"the server is busy ({(int)response.StatusCode}); trying again");
        return wait;
    }

    private async Task<EventConnection> OpenAsync(HttpResponseMessage response) => response.Content.Headers.ContentType?.MediaType == HttpAsk.EventStream
        ? new EventConnection(response, await response.Content.ReadAsStreamAsync(CancellationToken.None), MaxAnswerBytes, Faults, Time)
        : throw Faults.NotOurs(response);

    private static SocketsHttpHandler NewHandler(Uri server) => new()
    {
        AllowAutoRedirect = false,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = ConnectionLifetime,
        UseCookies = false,
        // What a proxy calls 127.0.0.1 is itself.
        UseProxy = !server.IsLoopback,
    };
}
