namespace Executor.Api.Fuzz;

/// <summary>Tests that load the machine or measure this process: one after the other, and none beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
