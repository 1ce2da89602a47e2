using System.Globalization;
using System.Text.Json;
using Executor.Hosting;

namespace Executor.Cli.Batch;

/// <summary>Says at the end of a batch what came of it.</summary>
internal static class BatchSummary
{
    private const int ShownInvalid = 20;

    /// <summary>Writes words to standard error; or with <c>--json</c> one object, to standard output unless the results are there.</summary>
    public static void Write(BatchRequest request, BatchProgress progress, InvalidEntries invalid, bool isInterrupted)
    {
        if (request.Json)
        {
            OutputChannel channel = request.Out is null ? OutputChannel.Stderr : OutputChannel.Stdout;
            channel.Write(JsonOutput.Line(json => WriteTo(json, progress, invalid, isInterrupted)));
            return;
        }

        Reporter.Say(Describe(progress, isInterrupted));
        foreach (InvalidEntry entry in invalid.First.Take(ShownInvalid))
        {
            Reporter.Say($"{request.File}:{entry.Line}: {entry.Explanation}");
        }

        if (invalid.Count > ShownInvalid)
        {
            Reporter.Say($"and {invalid.Count - ShownInvalid} more invalid tasks");
        }

        if (isInterrupted && request.Out is not null)
        {
            Reporter.Say("interrupted; --resume goes on with what is left");
        }
    }

    private static string Describe(BatchProgress progress, bool isInterrupted)
    {
        string skipped = progress.Skipped > 0 ? $", {progress.Skipped} had results already{(progress.SkippedFailed > 0 ? $" ({progress.SkippedFailed} failed)" : "")}" : "";
        string left = isInterrupted && progress.Total > progress.Done ? $", {progress.Total - progress.Done} not run" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{progress.Completed} completed, {progress.Failed} failed{skipped}{left} in {progress.Elapsed.TotalSeconds:0.0} s ({BatchProgress.FormatRate(progress.Rate)}/s)");
    }

    private static void WriteTo(Utf8JsonWriter json, BatchProgress progress, InvalidEntries invalid, bool isInterrupted)
    {
        json.WriteStartObject();
        json.WriteNumber("completed", progress.Completed);
        json.WriteNumber("failed", progress.Failed);
        json.WriteNumber("skipped", progress.Skipped);
        json.WriteNumber("skipped_failed", progress.SkippedFailed);
        json.WriteNumber("invalid", invalid.Count);
        json.WriteBoolean("interrupted", isInterrupted);
        json.WriteNumber("duration_sec", Math.Round(progress.Elapsed.TotalSeconds, 3));
        json.WriteNumber("tasks_per_sec", Math.Round(progress.Rate, 1));
        json.WriteStartArray("invalid_tasks");
        foreach (InvalidEntry entry in invalid.First)
        {
            json.WriteStartObject();
            json.WriteNumber("line", entry.Line);
            json.WriteString("task_id", entry.TaskId);
            json.WriteString("message", entry.Explanation);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
