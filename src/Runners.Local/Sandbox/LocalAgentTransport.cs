using System.Diagnostics;
using Executor.Runners.Agent;

namespace Executor.Runners.Local.Sandbox;

/// <summary>An agent as a process of this machine.</summary>
internal sealed class LocalAgentTransport : AgentTransport
{
    private const int DiagnosticsLimit = 4096;
    private readonly Process _process;

    /// <param name="python">The interpreter that runs it.</param>
    /// <param name="env">Its environment.</param>
    /// <param name="withPackages">Whether the interpreter is to find its own packages; not where tasks bring theirs.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The interpreter can't be started.</exception>
    public LocalAgentTransport(string python, IReadOnlyDictionary<string, string> env, bool withPackages)
    {
        var start = new ProcessStartInfo(python)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        if (!withPackages)
        {
            start.ArgumentList.Add("-S");
        }

        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(AgentSource.Bootstrap);
        start.Environment.Clear();
        foreach ((string name, string value) in env)
        {
            start.Environment[name] = value;
        }

        start.Environment["EXECUTOR_AGENT_DIR"] = AgentSource.Folder;
        start.Environment["LD_BIND_NOW"] = "1"; // symbols are looked up once, here, and not by every forked child
        _process = Process.Start(start)!;
    }

    public override Stream Input => _process.StandardInput.BaseStream;

    public override Stream Output => _process.StandardOutput.BaseStream;

    public override string ReadDiagnostics()
    {
        Kill();
        char[] text = new char[DiagnosticsLimit];
        return new string(text, 0, _process.StandardError.ReadBlock(text));
    }

    public override void Kill()
    {
        try
        {
            // The agent is pid 1 of its own namespace and dies with this one: the kernel ends everything below.
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }

    public override async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
