namespace Executor.Api.Monitoring;

/// <summary>Whether new tasks are welcome; what is asked of them otherwise is answered all the same.</summary>
internal sealed class Readiness
{
    private volatile bool _isDraining;

    /// <summary>Whether the server is about to end.</summary>
    public bool IsDraining
    {
        get => _isDraining;
        set => _isDraining = value;
    }
}
