using System.Diagnostics;
using System.Globalization;
using System.Text;
using Executor.Clocks;
using Executor.Execution;

namespace Executor.Api.Monitoring;

/// <summary>Metrics in Prometheus's text format.</summary>
internal sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4";

    private readonly StringBuilder _text = new();

    private PrometheusText()
    {
    }

    public static string Of(ExecutionMetrics metrics, RequestCounts requests)
    {
        var text = new PrometheusText();
        text.AddTasks(metrics);
        text.AddTimes("executor_task_execution_seconds", "How long runs took in the last minutes, from start to end.", metrics.ExecutionTime);
        text.AddTimes("executor_task_queue_seconds", "How long tasks waited in the last minutes, from submit to start.", metrics.QueueTime);
        text.AddCallbacks(metrics.Callbacks);
        text.AddRequests(requests);
        text.AddProcess(metrics);
        return text._text.ToString();
    }

    private void AddTasks(ExecutionMetrics metrics)
    {
        Add("executor_tasks_submitted_total", "counter", "Tasks taken since the start.", metrics.Submitted);
        Begin("executor_tasks_ended_total", "counter", "Tasks ended since the start, by status.");
        Sample("executor_tasks_ended_total{status=\"COMPLETED\"}", metrics.Completed);
        Sample("executor_tasks_ended_total{status=\"FAILED\"}", metrics.Failed);
        Sample("executor_tasks_ended_total{status=\"CANCELLED\"}", metrics.Cancelled);
        Add("executor_attempts_repeated_total", "counter", "Attempts that were repeated: retries and losses.", metrics.Repeated);
        Add("executor_cache_hits_total", "counter", "Results that the cache gave.", metrics.CacheHits);
        Add("executor_tasks_waiting", "gauge", "Tasks that wait for an executor or a parent.", metrics.QueueDepth);
        Add("executor_tasks_running", "gauge", "Tasks that executors hold.", metrics.Running);
        Add("executor_executors", "gauge", "Executors that take tasks.", metrics.Executors);
        Add("executor_slots", "gauge", "Tasks at once that the executors could hold together.", metrics.Slots);
        Add("executor_slots_utilization", "gauge", "The fraction of those slots that is taken, 0 to 1.", metrics.Utilization);
        Add("executor_tasks_ended_per_second", "gauge", "Ended tasks per second in the last minutes.", metrics.Throughput);
    }

    private void AddTimes(string name, string help, DurationStatistics? times)
    {
        if (times is null)
        {
            return;
        }

        Begin(name, "gauge", help);
        Sample($"{name}{{quantile=\"0.5\"}}", times.P50.TotalSeconds);
        Sample($"{name}{{quantile=\"0.95\"}}", times.P95.TotalSeconds);
        Sample($"{name}{{quantile=\"0.99\"}}", times.P99.TotalSeconds);
        Sample($"{name}{{quantile=\"1\"}}", times.Max.TotalSeconds);
        Add($"{name}_average", "gauge", help, times.Average.TotalSeconds);
    }

    private void AddCallbacks(CallbackMetrics? callbacks)
    {
        if (callbacks is null)
        {
            return;
        }

        Add("executor_callbacks_sent_total", "counter", "Results delivered to callback_url since the start.", callbacks.Sent);
        Add("executor_callbacks_failed_total", "counter", "Posts of results that failed since the start; most are tried again.", callbacks.Failed);
        Add("executor_callbacks_given_up_total", "counter", "Results that were given up since the start.", callbacks.GivenUp);
        Add("executor_callbacks_waiting", "gauge", "Results that are to be posted, or posted again.", callbacks.Waiting);
        Add("executor_callbacks_dead", "gauge", "Results that were given up and are kept in the list of callbacks.", callbacks.Dead);
    }

    private void AddRequests(RequestCounts requests)
    {
        Begin("executor_http_requests_total", "counter", "HTTP requests answered, by status.");
        foreach ((int status, long count) in requests.All)
        {
            Sample(string.Create(CultureInfo.InvariantCulture, $"executor_http_requests_total{{code=\"{status}\"}}"), count);
        }
    }

    private void AddProcess(ExecutionMetrics metrics)
    {
        using var process = Process.GetCurrentProcess();
        Add("process_cpu_seconds_total", "counter", "CPU time of the server's process.", process.TotalProcessorTime.TotalSeconds);
        Add("process_resident_memory_bytes", "gauge", "Resident memory of the server's process.", process.WorkingSet64);
        Add("process_start_time_seconds", "gauge", "When the server's process was started, in seconds since the Unix epoch.", new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0);
        Add("executor_clock_difference_seconds", "gauge", "How far the system's clock is ahead of the server's time: not 0 after it was set.", SteadyTime.System.Difference.TotalSeconds);
        Add("dotnet_gc_heap_bytes", "gauge", "Managed memory in use.", GC.GetTotalMemory(forceFullCollection: false));
        Add("dotnet_threadpool_threads", "gauge", "Threads of the thread pool.", ThreadPool.ThreadCount);
        if (metrics.CpuCores is double cores)
        {
            Add("executor_cpu_cores", "gauge", "CPU cores in use by the server and its descendants.", cores);
        }
    }

    private void Add(string name, string type, string help, double value)
    {
        Begin(name, type, help);
        Sample(name, value);
    }

    private void Begin(string name, string type, string help) => _text.Append($"# HELP {name} {help}\n# TYPE {name} {type}\n");

    private void Sample(string series, double value) => _text.Append(CultureInfo.InvariantCulture, $"{series} {value}\n");
}
