using Docker.DotNet;
using Executor.Tasks;

namespace Executor.Runners.Docker.Engine;

/// <summary>The connection to a Docker engine. Every failure of its is a <see cref="RunnerException"/> that says which setting to look at.</summary>
internal sealed class DockerEngine : IDisposable
{
    /// <summary>Any request but a pull or a wait is answered sooner than this, or the engine is not well.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);

    /// <param name="endpoint">Where the engine listens; see <see cref="EngineEndpoint"/>.</param>
    public DockerEngine(Uri endpoint)
    {
        Endpoint = endpoint;
        Client = new DockerClientBuilder().WithEndpoint(endpoint).Build();
    }

    /// <summary>Where it listens.</summary>
    public Uri Endpoint { get; }

    /// <summary>The API itself, for calls whose failures the caller tells apart.</summary>
    public DockerClient Client { get; }

    /// <summary>Asks the engine for something that is answered at once.</summary>
    /// <param name="act">What is asked for, as in "the engine could not …".</param>
    /// <param name="call">The request.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="RunnerException">The engine can't be reached, or refused.</exception>
    public async Task<T> AskAsync<T>(string act, Func<DockerClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(AnswerTimeout);
        try
        {
            return await call(Client, limited.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw EngineFailure.Unreachable(Endpoint, $"no answer within {AnswerTimeout.TotalSeconds:0} s", null);
        }
        catch (Exception failed) when (EngineFailure.Translate(failed, Endpoint, act) is RunnerException told)
        {
            throw told;
        }
    }

    /// <inheritdoc cref="AskAsync{T}"/>
    public Task AskAsync(string act, Func<DockerClient, CancellationToken, Task> call, CancellationToken cancellationToken) => AskAsync(
        act,
        async (client, token) =>
        {
            await call(client, token);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => Client.Dispose();
}
