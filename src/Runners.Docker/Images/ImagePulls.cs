using Docker.DotNet.Models;
using Executor.Runners.Docker.Engine;
using Executor.Tasks;

namespace Executor.Runners.Docker.Images;

/// <summary>Pulls under way: whoever wants the same image joins, and the pull is stopped when the last of them has gone.</summary>
internal sealed class ImagePulls(DockerEngine engine) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Pull> _pulls = new(StringComparer.Ordinal);

    /// <summary>Called with an image's name when it may have changed.</summary>
    public Action<string>? Pulled { get; set; }

    /// <summary>Pulls an image, or joins a pull of it.</summary>
    /// <param name="image">Its name.</param>
    /// <param name="progress">Told of each step; called from one thread at a time. Null: nobody.</param>
    /// <param name="cancellationToken">Leaves the pull, which is stopped if nobody else waits for it.</param>
    /// <exception cref="RunnerException">It could not be pulled; says why.</exception>
    public async Task PullAsync(string image, Action<PullProgress>? progress, CancellationToken cancellationToken)
    {
        Pull pull;
        lock (_lock)
        {
            if (!_pulls.TryGetValue(image, out pull!))
            {
                _pulls[image] = pull = new Pull();
                pull.Work = Task.Run(() => RunAsync(image, pull), CancellationToken.None);
            }

            pull.Waiting++;
            pull.Progress += progress;
        }

        try
        {
            await pull.Work.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_lock)
            {
                pull.Progress -= progress;
                if (--pull.Waiting == 0 && !pull.Work.IsCompleted)
                {
                    _pulls.Remove(image);
                    pull.Stop.Cancel();
                }
            }
        }
    }

    /// <summary>Waits for a pull of an image if one is under way. Its failure is not this one's: the image may be there all the same.</summary>
    public async Task WaitAsync(string image, CancellationToken cancellationToken)
    {
        Task? work;
        lock (_lock)
        {
            work = _pulls.GetValueOrDefault(image)?.Work;
        }

        if (work is not null)
        {
            await PullAsync(image, progress: null, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Pull[] left;
        lock (_lock)
        {
            left = [.. _pulls.Values];
        }

        foreach (Pull pull in left)
        {
            await pull.Stop.CancelAsync();
            await pull.Work.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task RunAsync(string image, Pull pull)
    {
        ImageName name = ImageName.Parse(image);
        var meter = new PullProgressMeter();
        string? problem = null;
        try
        {
            await engine.Client.Images.CreateImageAsync(
                new ImagesCreateParameters { FromImage = name.Repository, Tag = name.Tag },
                RegistryLogin.For(name.Registry),
                new Listener(message =>
                {
                    problem ??= message.Error?.Message;
                    if (problem is null)
                    {
                        PullProgress step = meter.Read(message);
                        lock (_lock)
                        {
                            pull.Progress?.Invoke(step);
                        }
                    }
                }),
                pull.Stop.Token);
        }
        catch (Exception failed) when (EngineFailure.Translate(failed, engine.Endpoint, $"pull the image '{image}'") is RunnerException told)
        {
            if (told.ErrorType == TaskErrorTypes.EngineUnavailable)
            {
                throw told;
            }

            problem = failed is global::Docker.DotNet.DockerApiException refused ? EngineFailure.MessageOf(refused) : told.Message;
        }
        finally
        {
            lock (_lock)
            {
                if (_pulls.GetValueOrDefault(image) == pull)
                {
                    _pulls.Remove(image);
                }
            }

            Pulled?.Invoke(image);
        }

        if (problem is not null)
        {
            throw new RunnerException(
                TaskErrorTypes.ImageUnavailable,
                $"The image '{image}' can't be pulled: {problem.Trim()} (look at code_executors.docker.NAME.image; a private registry needs docker login {name.Registry})");
        }
    }

    private sealed class Pull
    {
        public CancellationTokenSource Stop { get; } = new();

        public Task Work { get; set; } = Task.CompletedTask;

        public int Waiting { get; set; }

        public Action<PullProgress>? Progress { get; set; }
    }

    /// <summary>Called where the messages are read, unlike <see cref="Progress{T}"/>, which would shuffle them.</summary>
    private sealed class Listener(Action<JSONMessage> heard) : IProgress<JSONMessage>
    {
        public void Report(JSONMessage value) => heard(value);
    }
}
