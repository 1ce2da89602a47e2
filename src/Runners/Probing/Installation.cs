namespace Executor.Runners.Probing;

/// <summary>A toolchain on this machine: its program, and the folders it reads.</summary>
internal sealed record Installation(string Path, IReadOnlyList<string> Folders);
