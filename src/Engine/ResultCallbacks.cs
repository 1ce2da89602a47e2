using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.Channels;
using Executor.Tasks;
using Microsoft.Extensions.Logging;

namespace Executor.Engine;

/// <summary>
/// Posts results to the tasks' <c>callback_url</c>, to the hosts that the configuration names and to no other: whoever may submit a task
/// must not be able to reach what only this machine can. Three tries each; what waits when the process ends is not posted.
/// </summary>
public sealed class ResultCallbacks : IAsyncDisposable
{
    private const int Tries = 3;
    private const int Workers = 8;
    private const int MaxWaiting = 10_000;
    private static readonly TimeSpan TryTimeout = TimeSpan.FromSeconds(10);

    private readonly Channel<(Uri Address, TaskResult Result)> _waiting =
        Channel.CreateBounded<(Uri, TaskResult)>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly HashSet<string> _hosts;
    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _workers;

    /// <param name="hosts">Names of the hosts that may be called (<c>server.callback_hosts</c>); <c>*</c> is any.</param>
    /// <param name="handler">How HTTP is done. Disposed with this.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Told of results that could not be posted.</param>
    public ResultCallbacks(IEnumerable<string> hosts, HttpMessageHandler handler, TimeProvider time, ILogger log)
    {
        _hosts = new HashSet<string>(hosts, StringComparer.OrdinalIgnoreCase);
        _http = new HttpClient(handler) { Timeout = TryTimeout };
        _time = time;
        _log = log;
        _workers = [.. Enumerable.Range(0, Workers).Select(_ => Task.Run(WorkAsync))];
    }

    /// <summary>Why a task's callback can't be made; null: it can, or the task has none.</summary>
    public static ValidationFault? FaultOf(TaskSpec task, IReadOnlyCollection<string> hosts)
    {
        if (task.CallbackUrl is not string url || hosts.Contains("*"))
        {
            return null;
        }

        string host = new Uri(url).Host;
        return hosts.Contains(host, StringComparer.OrdinalIgnoreCase)
            ? null
            : new ValidationFault("callback_url", hosts.Count == 0
                ? "this server calls nobody back: no host is named in its server.callback_hosts"
                : $"'{host}' is not among the hosts that this server calls back: {string.Join(", ", hosts)}");
    }

    /// <summary>Posts a result soon. One of a host that is not named is passed over.</summary>
    public void Post(string url, TaskResult result)
    {
        if (Uri.TryCreate(url, UriKind.Absolute, out Uri? address) && (_hosts.Contains("*") || _hosts.Contains(address.Host))
            && !_waiting.Writer.TryWrite((address, result)))
        {
            _log.CallbackFailed(result.TaskId, "too many wait already");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_workers);
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task WorkAsync()
    {
        try
        {
            await foreach ((Uri address, TaskResult result) in _waiting.Reader.ReadAllAsync(_stop.Token))
            {
                await PostAsync(address, result);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task PostAsync(Uri address, TaskResult result)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(result, ExecutorJson.Wire.TaskResult);
        for (int attempt = 1; ; attempt++)
        {
            string problem;
            try
            {
                using ByteArrayContent content = new(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
                using HttpResponseMessage answer = await _http.PostAsync(address, content, _stop.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }

                problem = $"it answered {(int)answer.StatusCode}";
            }
            catch (HttpRequestException failed)
            {
                problem = failed.Message;
            }
            catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
            {
                problem = $"no answer within {TryTimeout.TotalSeconds} s";
            }

            if (attempt == Tries)
            {
                _log.CallbackFailed(result.TaskId, problem);
                return;
            }

            await Task.Delay(TimeSpan.FromSeconds(attempt), _time, _stop.Token);
        }
    }
}
