namespace Executor.Testing;

/// <summary>What programs outside a sandbox wait at until the test lets them through.</summary>
public sealed class Gate : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"executor-gate-{Guid.NewGuid():N}");

    /// <summary>Lines of Python that end when the gate is open.</summary>
    public string Wait => $"import os, time\nwhile not os.path.exists('{_file}'): time.sleep(0.01)\n";

    /// <summary>Lets all through, also those that come later.</summary>
    public void Open() => File.Create(_file).Dispose();

    public void Dispose() => File.Delete(_file);
}
