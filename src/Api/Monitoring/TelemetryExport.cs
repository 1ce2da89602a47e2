using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Executor.Api.Monitoring;

/// <summary>Sends traces and metrics to an OpenTelemetry collector for as long as this lives; disposing it sends what is left.</summary>
internal sealed class TelemetryExport : IDisposable
{
    // What all of Executor's own meters and activity sources are called.
    private const string Executors = "Executor";
    private const string Requests = "Microsoft.AspNetCore";

    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;

    private TelemetryExport(TracerProvider traces, MeterProvider metrics) => (_traces, _metrics) = (traces, metrics);

    /// <summary>
    /// Begins, where OpenTelemetry's own variable <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a collector. Its other variables
    /// (<c>OTEL_EXPORTER_OTLP_PROTOCOL</c>, <c>OTEL_SERVICE_NAME</c>, …) hold as well.
    /// </summary>
    /// <param name="sources">Further activity sources to listen to.</param>
    /// <returns>Null: it names none.</returns>
    public static TelemetryExport? Start(IReadOnlyList<string> sources) => string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT"))
        ? null
        : new TelemetryExport(
            Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(Resource())
                .AddSource([Executors, Requests, .. sources])
                .AddProcessor(new RootCallFilter(sources))
                .AddOtlpExporter()
                .Build(),
            Sdk.CreateMeterProviderBuilder()
                .SetResourceBuilder(Resource())
                .AddMeter(Executors, $"{Requests}.*")
                .AddOtlpExporter()
                .Build());

    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }

    /// <summary>Leaves out the host's calls that are made for no request: what its parts ask each other all day is nobody's trace.</summary>
    private sealed class RootCallFilter(IReadOnlyList<string> sources) : BaseProcessor<Activity>
    {
        public override void OnStart(Activity data)
        {
            if (data.ParentId is null && sources.Contains(data.Source.Name))
            {
                data.IsAllDataRequested = false;
                data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            }
        }
    }

    /// <summary>Who we are; the variables know better.</summary>
    private static ResourceBuilder Resource() => ResourceBuilder.CreateEmpty()
        .AddService("executor", serviceVersion: typeof(TelemetryExport).Assembly.GetName().Version?.ToString(3))
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();
}
