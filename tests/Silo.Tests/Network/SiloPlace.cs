namespace Executor.Silo.Network;

/// <summary>Where a silo runs.</summary>
/// <param name="Namespace">Its network namespace; null: the machine's own.</param>
/// <param name="Address">Where the other silos reach it.</param>
/// <param name="ApiAddress">Where its HTTP API is reached.</param>
internal sealed record SiloPlace(string? Namespace, string Address, string ApiAddress)
{
    public static SiloPlace Loopback { get; } = new(null, "127.0.0.1", "127.0.0.1");

    public bool IsLoopback => Namespace is null;
}
