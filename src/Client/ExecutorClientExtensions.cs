using Executor.Clocks;
using Executor.Execution;
using Executor.Executors;
using Executor.Grains;
using Executor.Grains.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Executor.Client;

/// <summary>Lets a .NET program use a cluster.</summary>
public static class ExecutorClientExtensions
{
    /// <summary>
    /// Adds <see cref="IExecutionService"/> over the grains. The program is an Orleans client of the cluster
    /// (<c>UseOrleansClient</c>), or a silo of it.
    /// </summary>
    /// <param name="services">The program's services.</param>
    /// <param name="queue">The queue.</param>
    public static IServiceCollection AddExecutorClient(this IServiceCollection services, string queue = GrainKeys.DefaultQueue) =>
        services.AddExecutorClient(queue, _ => null);

    /// <summary>The same, for a silo.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="queue">The queue.</param>
    /// <param name="silo">The address of the silo that the program is; null: it is a client.</param>
    public static IServiceCollection AddExecutorClient(this IServiceCollection services, string queue, Func<IServiceProvider, string?> silo)
    {
        services.AddExecutorSerialization();
        services.AddSingleton(provider => new ClusterExecutionService(
            provider.GetRequiredService<IGrainFactory>(),
            queue,
            silo(provider),
            SteadyTime.Over(provider.GetService<TimeProvider>() ?? SteadyTime.System),
            provider.GetRequiredService<ILogger<ClusterExecutionService>>()));
        services.AddSingleton<IExecutionService>(provider => provider.GetRequiredService<ClusterExecutionService>());
        services.AddSingleton<IExecutorGateway>(provider => provider.GetRequiredService<ClusterExecutionService>());
        return services;
    }
}
