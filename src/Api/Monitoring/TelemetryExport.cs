using Executor.Monitoring;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Executor.Api.Monitoring;

/// <summary>Sends traces and metrics to an OpenTelemetry collector for as long as this lives; disposing it sends what is left.</summary>
internal sealed class TelemetryExport : IDisposable
{
    private const string MeterName = "Executor";
    private const string Requests = "Microsoft.AspNetCore";

    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;

    private TelemetryExport(TracerProvider traces, MeterProvider metrics) => (_traces, _metrics) = (traces, metrics);

    /// <summary>
    /// Begins, where OpenTelemetry's own variable <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a collector. Its other variables
    /// (<c>OTEL_EXPORTER_OTLP_PROTOCOL</c>, <c>OTEL_SERVICE_NAME</c>, …) hold as well.
    /// </summary>
    /// <returns>Null: it names none.</returns>
    public static TelemetryExport? Start() => string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT"))
        ? null
        : new TelemetryExport(
            Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(Resource())
                .AddSource(AttemptTracing.SourceName, Requests)
                .AddOtlpExporter()
                .Build(),
            Sdk.CreateMeterProviderBuilder()
                .SetResourceBuilder(Resource())
                .AddMeter(MeterName, $"{Requests}.*")
                .AddOtlpExporter()
                .Build());

    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }

    /// <summary>Who we are; the variables know better.</summary>
    private static ResourceBuilder Resource() => ResourceBuilder.CreateEmpty()
        .AddService("executor", serviceVersion: typeof(TelemetryExport).Assembly.GetName().Version?.ToString(3))
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();
}
