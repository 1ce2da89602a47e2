namespace Executor.Runners.Environments;

/// <summary>A ready environment in use: it is not removed until this is disposed of.</summary>
public sealed class EnvironmentLease : IDisposable
{
    private readonly FileStream _use;

    internal EnvironmentLease(string folder, FileStream use) => (Folder, _use) = (folder, use);

    /// <summary>The virtual environment's folder. It never changes, and no other environment is ever there.</summary>
    public string Folder { get; }

    /// <summary>Its Python.</summary>
    public string Python => EnvironmentLayout.Python(Folder);

    /// <inheritdoc/>
    public void Dispose() => _use.Dispose();
}
