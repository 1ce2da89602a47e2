using System.Diagnostics.CodeAnalysis;
using Executor.Runtimes;

namespace Executor.Runners.Probing;

/// <summary>What a machine has of a runtime.</summary>
public sealed record ProbeResult
{
    /// <summary>The runtime asked for.</summary>
    public required RuntimeDefinition Runtime { get; init; }

    /// <summary>Whether its toolchain is there and can be used.</summary>
    [MemberNotNullWhen(true, nameof(Path))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool Found => Path is not null;

    /// <summary>Absolute path of the real interpreter or compiler (not of a version manager's shim); null when not found.</summary>
    public string? Path { get; init; }

    /// <summary>Folders outside the system's own (<c>/usr</c>, <c>/bin</c>, <c>/sbin</c>, <c>/lib*</c>) that it must be able to read, at the same paths.</summary>
    public IReadOnlyList<string> ReadOnlyPaths { get; init; } = [];

    /// <summary>Its version (<c>3.11.7</c>); only when asked for, null when it doesn't say.</summary>
    public string? Version { get; init; }

    /// <summary>Why it can't be used; null when it can.</summary>
    public string? Problem { get; init; }

    /// <summary>How to get it.</summary>
    public string InstallHint => Runtime.InstallHint;
}
