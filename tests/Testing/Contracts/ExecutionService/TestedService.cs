using Executor.Execution;
using Executor.Executors;

namespace Executor.Testing;

/// <summary>The parts of a service that <see cref="ExecutionServiceContract"/> is about.</summary>
/// <param name="Tasks">Its tasks.</param>
/// <param name="Executors">Its executors.</param>
/// <param name="Gateway">Where they register.</param>
public sealed record TestedService(ITaskService Tasks, IExecutorRegistry Executors, IExecutorGateway Gateway)
{
    /// <summary>Of one object that is all of them.</summary>
    public static TestedService Of<T>(T service)
        where T : ITaskService, IExecutorRegistry, IExecutorGateway => new(service, service, service);
}
