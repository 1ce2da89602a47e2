using Executor.Api.Access;
using Executor.Api.Callbacks;
using Executor.Api.Description;
using Executor.Api.Executors;
using Executor.Api.Executors.Connect;
using Executor.Api.Jobs;
using Executor.Api.Monitoring;
using Executor.Api.Problems;
using Executor.Api.Requests;
using Executor.Api.Sessions;
using Executor.Api.Tasks;
using Executor.Execution;
using Executor.Executors;
using Executor.Http.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Executor.Api.Hosting;

/// <summary>Puts the API together: its services, its layers, and a <c>MapX</c> for each resource.</summary>
internal static class ApiSetup
{
    public static void AddExecutorApi(this IServiceCollection services, ApiOptions options)
    {
        services.AddRouting();
        services.Configure<JsonOptions>(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = ApiJson.Wire.Options.PropertyNamingPolicy;
            json.SerializerOptions.DefaultIgnoreCondition = ApiJson.Wire.Options.DefaultIgnoreCondition;
            json.SerializerOptions.Encoder = ApiJson.Wire.Options.Encoder;
            // Otherwise the description says that numbers may be texts.
            json.SerializerOptions.NumberHandling = ApiJson.Wire.Options.NumberHandling;
            json.SerializerOptions.TypeInfoResolver = ApiJson.Wire;
        });
        services.AddApiDescription();
        services.AddSingleton(options);
        services.AddSingleton(options.Results);
        services.AddExceptionHandler<ProblemHandler>();
        services.AddAccess(options.Server);
        services.AddSingleton<RequestCounts>();
        services.AddSingleton<Readiness>();
        services.AddSingleton(new BodyReader(options.Server.MaxBodyMb, BodyBudget.For((long)options.Server.MaxBodyMb << 20)));
    }

    public static void MapExecutorApi(this WebApplication app, ApiOptions options)
    {
        TimeProvider time = app.Services.GetRequiredService<TimeProvider>();
        RequestCounts counts = app.Services.GetRequiredService<RequestCounts>();
        ProblemHandler problems = app.Services.GetServices<IExceptionHandler>().OfType<ProblemHandler>().Single();

        app.Use(next => counts.Around(next));
        app.UseExceptionHandler(static _ => { });
        app.UseStatusCodePages(ProblemHandler.WriteStatusAsync);
        app.Use(problems.CutOffAsync);
        app.UseRouting();
        app.UseAccess();
        app.Use(next => new UnreadQueryMiddleware(next).InvokeAsync);

        app.MapTasks();
        app.MapCallbacks();
        app.MapExecutors();
        app.MapExecutorConnect(app.Services.GetRequiredService<IExecutorGateway>(), time: time);
        app.MapJobs();
        app.MapSessions();
        app.MapMonitoring();
        app.MapApiDescription();
        foreach (HostPages pages in options.Pages)
        {
            app.Map($"{pages.Path}/{{**rest}}", pages.Serve).WithMetadata(pages).ExcludeFromDescription();
        }
    }
}
