using Executor.Sessions;

namespace Executor.Grains.Sessions;

/// <summary>What came of asking a silo to hold a session.</summary>
/// <param name="Session">The session; null: there is none, or the silo has no room for it.</param>
/// <param name="Refusal">Why the silo does not take it: another may; null: it does, or there is no such session.</param>
[GenerateSerializer, Immutable, Alias("executor.placing")]
public sealed record SessionPlacing([property: Id(0)] SessionInfo? Session, [property: Id(1)] SessionRefusal? Refusal = null);

/// <summary>Why a silo does not take a session.</summary>
/// <param name="Silo">The silo, as the next placing is to be told of it.</param>
/// <param name="Needs">What the session needs of a silo.</param>
/// <param name="Fault">What is said when there is no other.</param>
[GenerateSerializer, Immutable, Alias("executor.refusal")]
public sealed record SessionRefusal([property: Id(0)] string Silo, [property: Id(1)] SessionNeeds Needs, [property: Id(2)] Scheduling.CallFault Fault);
