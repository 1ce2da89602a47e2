using Executor.Sessions;
using Executor.Tasks;

namespace Executor.Grains.Sessions;

/// <summary>What is stored of a session: as it was when its interpreter was last started, and how that was lost.</summary>
[GenerateSerializer, Alias("executor.state.session")]
internal sealed class SessionState
{
    [Id(0)]
    public SessionSpec? Spec { get; set; }

    [Id(1)]
    public DateTimeOffset CreatedAt { get; set; }

    [Id(2)]
    public DateTimeOffset LastUsedAt { get; set; }

    /// <summary>How often it was started anew on another silo, or on this one after a loss.</summary>
    [Id(3)]
    public int Restarts { get; set; }

    /// <summary>Why the interpreter is gone; null while it is not known to be.</summary>
    [Id(4)]
    public TaskError? Error { get; set; }
}

/// <summary>What is stored of the sessions of a queue.</summary>
[GenerateSerializer, Alias("executor.state.sessions")]
internal sealed class SessionIndexState
{
    [Id(0)]
    public HashSet<string> Names { get; set; } = [];
}
