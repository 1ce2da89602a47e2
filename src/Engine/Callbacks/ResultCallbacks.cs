using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Executor.Tasks;
using Executor.Text;

namespace Executor.Engine.Callbacks;

/// <summary>
/// Posts results to the tasks' <c>callback_url</c>, to the hosts and ports that the configuration names and to no other: whoever may submit a task
/// must not be able to reach what only this machine can.
/// </summary>
public sealed class ResultCallbacks : IDisposable
{
    /// <summary>The header that is the same whenever a result is posted again: the result's id.</summary>
    public const string IdHeader = "Executor-Callback-Id";

    /// <summary>The header that counts the posts of a result, from 1.</summary>
    public const string AttemptHeader = "Executor-Callback-Attempt";

    private static readonly TimeSpan TryTimeout = TimeSpan.FromSeconds(10);

    private readonly IReadOnlyCollection<CallbackHost> _hosts;
    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    /// <param name="hosts">What may be called (<c>server.callback_hosts</c>).</param>
    /// <param name="handler">How HTTP is done. Disposed with this.</param>
    /// <param name="time">The clock.</param>
    public ResultCallbacks(IReadOnlyCollection<CallbackHost> hosts, HttpMessageHandler handler, TimeProvider time)
    {
        _hosts = hosts;
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _time = time;
    }

    /// <summary>Why a task's callback can't be made; null: it can, or the task has none.</summary>
    public static ValidationFault? FaultOf(TaskSpec task, IReadOnlyCollection<CallbackHost> hosts)
    {
        if (task.CallbackUrl is not string url || MayCall(new Uri(url), hosts))
        {
            return null;
        }

        string entry = QuotedText.Cut(CallbackHost.EntryFor(new Uri(url)));
        return new ValidationFault("callback_url", hosts.Count == 0
            ? $"this server calls nobody back: its server.callback_hosts is empty; the entry '{entry}' would allow it"
            : $"its host and port are not among those that this server calls back: {string.Join(", ", hosts)}; the entry '{entry}' of server.callback_hosts would allow it");
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>Whether an address is one that may be called.</summary>
    internal bool MayCall(string url) => Uri.TryCreate(url, UriKind.Absolute, out Uri? address) && MayCall(address, _hosts);

    /// <summary>Posts a result once.</summary>
    internal async Task<CallbackAnswer> PostAsync(string url, TaskResult result, int attempt, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(TryTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        using HttpRequestMessage request = new(HttpMethod.Post, url)
        {
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(result, ExecutorJson.Wire.TaskResult))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            },
            Headers = { { IdHeader, result.Id.ToString() }, { AttemptHeader, attempt.ToString(CultureInfo.InvariantCulture) } },
        };
        try
        {
            // What it says beside its status is nobody's business, and may be without an end.
            using HttpResponseMessage answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return answer.IsSuccessStatusCode
                ? CallbackAnswer.Delivered
                : new CallbackAnswer(string.Create(CultureInfo.InvariantCulture, $"it answered {(int)answer.StatusCode}"), IsOverloaded(answer.StatusCode));
        }
        catch (HttpRequestException failed)
        {
            return new CallbackAnswer(failed.Message, IsHostDown: true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new CallbackAnswer($"no answer within {TryTimeout.TotalSeconds} s", IsHostDown: true);
        }
    }

    private static bool MayCall(Uri address, IEnumerable<CallbackHost> hosts) => hosts.Any(host => host.Allows(address));

    private static bool IsOverloaded(HttpStatusCode status) => status
        is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
}
