using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Executor.Grains.Scheduling;
using Executor.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Serialization;

namespace Executor.Grains.Hosting;

/// <summary>Sets up how grains' states are stored.</summary>
public static class GrainStorageExtensions
{
    /// <summary>Stores grains' states as the JSON that tasks are stored as. Where they are stored is the host's to say.</summary>
    public static ISiloBuilder UseExecutorGrainStates(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<StoreOutage>();
        silo.UseSystemTextJsonGrainStorageSerializer();
        silo.Services.Configure<SystemTextJsonGrainStorageSerializerOptions>(options => Configure(options.JsonSerializerOptions));
        return silo;
    }

    private static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        foreach (JsonConverter converter in StoredJson.Context.Options.Converters)
        {
            options.Converters.Add(converter);
        }

        options.TypeInfoResolverChain.Add(GrainStateJson.Default);
        options.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver());
    }
}
