namespace Executor.Runners.Ssh;

/// <summary>What a host has that tasks can be run with.</summary>
/// <param name="Python">Path of the Python that runs the agent there.</param>
/// <param name="PythonVersion">That Python's version.</param>
/// <param name="SandboxProblem">Why tasks run there without a sandbox; null: they have one.</param>
internal sealed record SshHostReport(string Python, string PythonVersion, string? SandboxProblem);
