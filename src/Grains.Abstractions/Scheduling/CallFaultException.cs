namespace Executor.Grains.Scheduling;

/// <summary>A grain call that could not be done, with the exception of the contract that it was.</summary>
/// <param name="fault">What it was.</param>
[GenerateSerializer, Alias("executor.call-fault")]
public sealed class CallFaultException(CallFault fault) : Exception(fault.ToString())
{
    /// <summary>What it was.</summary>
    [Id(0)]
    public CallFault Fault { get; } = fault;
}
