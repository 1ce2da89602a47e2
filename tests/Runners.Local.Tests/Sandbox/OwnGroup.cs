using System.Globalization;

[assembly: AssemblyFixture(typeof(Executor.Runners.Local.Tests.Sandbox.OwnGroup))]

namespace Executor.Runners.Local.Tests.Sandbox;

/// <summary>
/// A memory control group for this test process, below which its agents make theirs: what the agents of other test processes leave while
/// they are being killed is not taken for something of ours. Only with cgroup v1, where a group may have processes and groups in it.
/// </summary>
public sealed class OwnGroup : IDisposable
{
    private readonly string? _parent;
    private readonly string? _own;

    public OwnGroup()
    {
        string? path = File.ReadLines("/proc/self/cgroup").Select(line => line.Split(':', 3)).FirstOrDefault(parts => parts[1] == "memory")?[2];
        if (path is null)
        {
            return;
        }

        _parent = $"/sys/fs/cgroup/memory{path.TrimEnd('/')}";
        string own = $"{_parent}/xt-{Environment.ProcessId}";
        try
        {
            Directory.CreateDirectory(own);
            Enter(own);
            _own = own;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Whoever may make no groups has none that could be left.
        }
    }

    public void Dispose()
    {
        if (_own is not null)
        {
            Enter(_parent!);
            Directory.Delete(_own);
        }
    }

    private static void Enter(string group) =>
        File.WriteAllText(Path.Combine(group, "cgroup.procs"), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
}
