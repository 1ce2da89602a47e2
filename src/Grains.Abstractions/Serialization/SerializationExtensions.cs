using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Serializers;

namespace Executor.Grains.Serialization;

/// <summary>Lets Core's records cross grain calls.</summary>
public static class SerializationExtensions
{
    /// <summary>Adds what silos and clients need to understand each other. May be called more than once.</summary>
    public static IServiceCollection AddExecutorSerialization(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(CoreCodec)))
        {
            return services;
        }

        services.AddSingleton<CoreCodec>();
        services.AddSingleton<IGeneralizedCodec>(provider => provider.GetRequiredService<CoreCodec>());
        services.AddSingleton<IGeneralizedCopier>(provider => provider.GetRequiredService<CoreCodec>());
        services.AddSingleton<ITypeFilter>(provider => provider.GetRequiredService<CoreCodec>());
        return services.AddSerializer(builder => builder.Configure(options => options.WellKnownTypeAliases["executor.core"] = typeof(CoreCodec)));
    }
}
