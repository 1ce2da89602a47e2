using System.Collections.Concurrent;
using Executor.Jobs;
using Executor.Runners.Probing;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Runners.Environments;

/// <summary>
/// The packages that tasks ask for (<c>runtime_env.packages</c>): each distinct set becomes a virtual environment once, however many
/// tasks and processes ask for it at the same time, and is kept for the next. Safe to call from many threads.
/// </summary>
public sealed class RuntimeEnvironments : IAsyncDisposable
{
    private const int MostAttempts = 3;

    private readonly RuntimeEnvironmentOptions _options;
    private readonly RuntimeProbe _probe;
    private readonly TimeProvider _time;
    private readonly Action<string>? _notice;
    private readonly EnvironmentCache _cache;
    private readonly ConcurrentDictionary<string, Lazy<Task>> _installing = new();
    private readonly ConcurrentDictionary<string, (RuntimeEnvironmentException Failure, DateTimeOffset Until)> _failures = new();
    private readonly CancellationTokenSource _stop = new();

    /// <param name="options">Where they are kept, and how many.</param>
    /// <param name="probe">Finds the Pythons they are made of.</param>
    /// <param name="time">The clock.</param>
    /// <param name="notice">Told in a line when an installation begins; null: nobody.</param>
    public RuntimeEnvironments(RuntimeEnvironmentOptions options, RuntimeProbe probe, TimeProvider time, Action<string>? notice = null)
    {
        (_options, _probe, _time, _notice) = (options, probe, time, notice);
        _cache = new EnvironmentCache(options, time);
    }

    /// <summary>
    /// Where installations are run as jobs of the type <see cref="RuntimeEnvInstall.TypeName"/>, which must be among its types;
    /// null: they are run here, unseen. Default null.
    /// </summary>
    public IJobService? Jobs { get; set; }

    /// <summary>The environment, installed if it is not there yet. Dispose of it when nothing runs in it any more.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="cancellationToken">Stops waiting; an installation goes on for those who come after.</param>
    /// <exception cref="RuntimeEnvironmentException">It can't be had.</exception>
    public async Task<EnvironmentLease> RentAsync(EnvironmentRequest request, CancellationToken cancellationToken)
    {
        string key = request.KeyFor(await FindPythonAsync(request, cancellationToken));
        // More than once only when another process removes it at the very moment it is ready.
        for (int attempt = 0; attempt < MostAttempts; attempt++)
        {
            if (_cache.TryRent(key) is EnvironmentLease lease)
            {
                return lease;
            }

            if (_failures.TryGetValue(key, out var failed) && _time.GetUtcNow() < failed.Until)
            {
                throw failed.Failure;
            }

            await _installing.GetOrAdd(key, _ => new Lazy<Task>(() => InstallOnceAsync(key, request))).Value.WaitAsync(cancellationToken);
        }

        return _cache.TryRent(key)
            ?? throw new RuntimeEnvironmentException(TaskErrorTypes.RuntimeUnavailable, $"what was installed in {_options.Folder} is not there; is something else removing it?");
    }

    /// <summary>Stops what is being installed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // The failures are those of the tasks that wait.
        await Task.WhenAll(_installing.Values.Select(one => one.Value)).ContinueWith(_ => { }, TaskScheduler.Default);
        _stop.Dispose();
    }

    /// <summary>Installs an environment in this process, unless it is there or another process gets it done first.</summary>
    internal async Task InstallAsync(EnvironmentRequest request, InstallProgress progress, CancellationToken cancellationToken)
    {
        ProbeResult python = await FindPythonAsync(request, cancellationToken);
        string key = request.KeyFor(python);
        using var timeout = new CancellationTokenSource(_options.InstallTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await InstallLockedAsync(key, python.Path!, request.Canonical, progress, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RuntimeEnvironmentException(
                TaskErrorTypes.RuntimeEnv, $"the packages were not installed within {_options.InstallTimeout.TotalMinutes:0.#} min; check how fast the package index answers");
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new RuntimeEnvironmentException(
                TaskErrorTypes.RuntimeUnavailable, $"runtime environments can't be kept in {_options.Folder}: {failed.Message}", failed);
        }
    }

    private async Task InstallLockedAsync(string key, string python, IReadOnlyList<string> packages, InstallProgress progress, CancellationToken cancellationToken)
    {
        await using FileStream held = await _cache.LockAsync(key, cancellationToken);
        using EnvironmentLease? there = _cache.TryRent(key);
        if (there is not null)
        {
            progress.Log("it is there already");
            return;
        }

        var builder = new EnvironmentBuilder(_options);
        string build = _cache.NewBuild(key);
        try
        {
            long size = await builder.BuildAsync(python, packages, build, progress, cancellationToken);
            _cache.Publish(key, build, size);
        }
        catch
        {
            EnvironmentCache.Delete(build);
            throw;
        }

        _cache.Evict(newest: key);
    }

    private async Task InstallOnceAsync(string key, EnvironmentRequest request)
    {
        try
        {
            _notice?.Invoke($"installing {string.Join(", ", request.Canonical)}");
            if (Jobs is IJobService jobs)
            {
                await InstallAsJobAsync(jobs, request);
            }
            else
            {
                await InstallAsync(request, InstallProgress.Unwatched, _stop.Token);
            }

        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new RuntimeEnvironmentException(TaskErrorTypes.RuntimeUnavailable, "the packages were not installed: the executor is stopping");
        }
        catch (RuntimeEnvironmentException failed) when (failed.ErrorType == TaskErrorTypes.RuntimeEnv)
        {
            Remember(key, failed);
            throw;
        }
        finally
        {
            _installing.TryRemove(key, out _);
        }
    }

    private async Task InstallAsJobAsync(IJobService jobs, EnvironmentRequest request)
    {
        JobRecord job = await jobs.StartAsync(RuntimeEnvInstall.TypeName, RuntimeEnvInstall.ParametersOf(request), _stop.Token);
        JobRecord ended = await jobs.WaitAsync(job.JobId, Timeout.InfiniteTimeSpan, _stop.Token)
            ?? throw new RuntimeEnvironmentException(TaskErrorTypes.RuntimeUnavailable, $"the packages were not installed: job {job.JobId} is gone");
        if (ended.Status == ExecutionStatus.Cancelled)
        {
            throw new RuntimeEnvironmentException(TaskErrorTypes.RuntimeEnv, $"the packages were not installed: job {job.JobId} was cancelled");
        }

        if (ended.Error is TaskError error)
        {
            throw new RuntimeEnvironmentException(error.Type, $"{error.Message} (job {job.JobId} has the installer's output)");
        }
    }

    private void Remember(string key, RuntimeEnvironmentException failure)
    {
        DateTimeOffset now = _time.GetUtcNow();
        foreach (var old in _failures.Where(old => old.Value.Until <= now))
        {
            _failures.TryRemove(old);
        }

        _failures[key] = (failure, now + _options.FailureMemory);
    }

    private async Task<ProbeResult> FindPythonAsync(EnvironmentRequest request, CancellationToken cancellationToken)
    {
        ProbeResult found = await _probe.FindWithVersionAsync(request.Runtime, request.CodeExecutor.CodeExecutorPath, cancellationToken);
        return found.Found
            ? found
            : throw new RuntimeEnvironmentException(
                TaskErrorTypes.RuntimeUnavailable, $"{request.Runtime.Name} can't be used here: {found.Problem}. To get it: {found.InstallHint}");
    }
}
