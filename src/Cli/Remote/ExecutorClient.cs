using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Executor.Cli.Remote;

/// <summary>
/// A server's HTTP API. What can be repeated is, when the connection fails or the server is busy. Safe to call from many threads.
/// </summary>
/// <remarks>
/// All methods throw <see cref="ServerRefusedException"/> for what the server won't do and <see cref="ServerUnavailableException"/>
/// when it can't be reached or fails, after its time limit.
/// </remarks>
internal sealed partial class ExecutorClient : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly ServerAddress _server;
    private readonly RequestTimeouts _timeouts;
    private readonly TimeProvider _time;
    private bool _hasAnswered;

    public ExecutorClient(ServerAddress server, RequestTimeouts timeLimit, TimeProvider time)
    {
        (_server, _timeouts, _time) = (server, timeLimit, time);
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            ConnectTimeout = ConnectTimeout,
            UseCookies = false,
            // What a proxy calls 127.0.0.1 is itself.
            UseProxy = !server.Url.IsLoopback,
        };
        _http = new HttpClient(handler) { BaseAddress = server.Url, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("executor-cli", null));
        if (server.ApiKey is string key)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
    }

    /// <summary>Told when the server can't be reached or is busy, and with null when it answers again.</summary>
    public Action<string?>? TroubleChanged { get; init; }

    public void Dispose() => _http.Dispose();

    private Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken, TimeSpan wait = default) =>
        SendAsync(new Request(HttpMethod.Get, path) { Wait = wait }, (response, token) => ReadAsync(response, type, token), cancellationToken);

    private Task<T> PostAsync<T>(string path, ReadOnlyMemory<byte> body, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(new Request(HttpMethod.Post, path) { Body = body }, (response, token) => ReadAsync(response, type, token), cancellationToken);

    private Task<bool> DeleteAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(new Request(HttpMethod.Delete, path), (_, _) => Task.FromResult(true), cancellationToken);

    /// <summary>Sends a request, again if need be, until an answer has been read.</summary>
    private async Task<T> SendAsync<T>(Request request, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        RetrySchedule schedule = new(_time);
        while (true)
        {
            (T? answer, TimeSpan? wait) = await TryAsync(request, read, schedule, cancellationToken);
            if (wait is null)
            {
                return answer!;
            }

            await Task.Delay(wait.Value, _time, cancellationToken);
        }
    }

    /// <summary>One attempt: its answer, or how long to wait before the next one.</summary>
    private async Task<(T? Answer, TimeSpan? Wait)> TryAsync<T>(
        Request request, Func<HttpResponseMessage, CancellationToken, Task<T>> read, RetrySchedule schedule, CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = new(_timeouts.Answer + request.Wait, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using HttpRequestMessage message = request.ToMessage();
            using HttpResponseMessage response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!response.IsSuccessStatusCode)
            {
                return (default, await WaitOrThrowAsync(response, schedule, either.Token));
            }

            T answer = await read(response, either.Token);
            Answered();
            return (answer, null);
        }
        catch (Exception failed) when (IsLost(failed) || (failed is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (default, WaitOrThrow(failed, schedule));
        }
    }

    private void Answered()
    {
        Volatile.Write(ref _hasAnswered, true);
        TroubleChanged?.Invoke(null);
    }

    private static bool IsLost(Exception failed) => failed is HttpRequestException or IOException;

    private TimeSpan WaitOrThrow(Exception failed, RetrySchedule schedule)
    {
        string reason = ConnectionFailure.Explain(failed, _server);
        bool canChange = ConnectionFailure.CanChange(failed);
        TimeSpan timeLimit = Volatile.Read(ref _hasAnswered) ? _timeouts.Lost : _timeouts.FirstContact;
        TimeSpan wait = (canChange ? schedule.Next(timeLimit) : null) ?? throw new ServerUnavailableException(reason, failed);
        TroubleChanged?.Invoke("the server does not answer; trying again");
        return wait;
    }

    private async Task<TimeSpan> WaitOrThrowAsync(HttpResponseMessage response, RetrySchedule schedule, CancellationToken cancellationToken)
    {
        Exception refusal = await RefusalReader.ReadAsync(response, _server, cancellationToken);
        bool isBusy = response.StatusCode
            is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout;
        TimeSpan wait = (isBusy ? schedule.Next(_timeouts.Busy, AskedWait(response)) : null) ?? throw refusal;
        TroubleChanged?.Invoke($"the server is busy ({(int)response.StatusCode}); trying again");
        return wait;
    }

    private TimeSpan? AskedWait(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: TimeSpan delta } => delta,
        { Date: DateTimeOffset date } => date - _time.GetUtcNow(),
        _ => null,
    };

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonSerializer.DeserializeAsync(body, type, cancellationToken) ?? throw new JsonException();
        }
        catch (JsonException failed)
        {
            throw RefusalReader.NotOurs(response, _server, failed);
        }
    }

    /// <summary>What is sent, as often as it takes.</summary>
    private sealed record Request(HttpMethod Method, string Path)
    {
        /// <summary>JSON; null: no body.</summary>
        public ReadOnlyMemory<byte>? Body { get; init; }

        public string ContentType { get; init; } = "application/json";

        /// <summary>How long the server may take since we ask it to wait.</summary>
        public TimeSpan Wait { get; init; }

        public HttpRequestMessage ToMessage()
        {
            HttpRequestMessage message = new(Method, Path);
            if (Body is ReadOnlyMemory<byte> bytes)
            {
                message.Content = new ReadOnlyMemoryContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(ContentType) } };
            }

            return message;
        }
    }
}
