using System.Diagnostics;
using Executor.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Hosting;

namespace Executor.Silo.Hosting;

/// <summary>Orleans' own pages about the cluster: silos, grains, calls. They cost a sample a second, so they are there only where they are asked for.</summary>
internal static class SiloDashboard
{
    private const string Path = "/orleans";

    /// <summary>Adds what the pages show. A silo without them takes none of their grains either, so that silos with and without make one cluster.</summary>
    public static void UseDashboard(this ISiloBuilder silo, bool isWanted)
    {
        if (!isWanted)
        {
            silo.Services.PostConfigure<GrainTypeOptions>(types =>
                types.Classes.RemoveWhere(type => type.Assembly == typeof(DashboardOptions).Assembly));
            return;
        }

        // Logs are the program's, not a page's.
        silo.AddDashboard(options => options.HideTrace = true);
        silo.Services.AddRouting();
        DiagnosticListener listener = new("Executor.Silo");
        silo.Services.AddSingleton(listener);
        silo.Services.AddSingleton<DiagnosticSource>(listener);
    }

    /// <summary>The pages, for the API to serve. They have the Orleans host's services, of which the API knows nothing.</summary>
    public static HostPages PagesOf(IHost host)
    {
        ApplicationBuilder app = new(host.Services);
        app.UseRouting();
        app.UseEndpoints(endpoints => endpoints.MapOrleansDashboard(Path));
        RequestDelegate serve = app.Build();
        return new HostPages(Path, async context =>
        {
            IServiceProvider services = context.RequestServices;
            Endpoint? endpoint = context.GetEndpoint();
            await using AsyncServiceScope scope = host.Services.CreateAsyncScope();
            context.RequestServices = scope.ServiceProvider;
            context.SetEndpoint(null);
            try
            {
                await serve(context);
            }
            finally
            {
                context.RequestServices = services;
                context.SetEndpoint(endpoint);
            }
        });
    }
}
