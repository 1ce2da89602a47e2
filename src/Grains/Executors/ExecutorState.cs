using Executor.Executors;

namespace Executor.Grains.Executors;

/// <summary>What is stored of an executor; see <see cref="KnownExecutor"/>. Orleans makes an empty one where nothing is stored, for which it needs the serializer.</summary>
[GenerateSerializer, Alias("executor.state.executor")]
internal sealed class ExecutorState
{
    [Id(0)]
    public ExecutorRegistration? Registration { get; set; }

    [Id(1)]
    public long Connection { get; set; }

    [Id(2)]
    public string? Silo { get; set; }

    [Id(3)]
    public DateTimeOffset ConnectedAt { get; set; }

    [Id(4)]
    public DateTimeOffset LastSeenAt { get; set; }

    [Id(5)]
    public bool IsDrained { get; set; }
}
