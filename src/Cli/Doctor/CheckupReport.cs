using System.Text.Json;
using Executor.Runners.Modules;

namespace Executor.Cli.Doctor;

/// <summary>Shows a check-up, to people or to programs.</summary>
internal static class CheckupReport
{
    /// <summary>Lines of words.</summary>
    public static IEnumerable<string> Lines(Checkup checkup) =>
    [
        .. Lines(checkup.Findings),
        "",
        .. RuntimeReport.Lines(checkup.Runtimes),
        "",
        checkup.IsWell ? "This machine can run tasks in the sandbox." : "This machine can't run tasks as it should: see BAD above.",
    ];

    /// <summary>A line or a few for each finding.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<Finding> findings)
    {
        int width = findings.Max(finding => finding.Name.Length);
        string indent = new(' ', "note  ".Length + width + 2);
        foreach (Finding finding in findings)
        {
            string mark = finding.Status switch
            {
                FindingStatus.Ok => "ok  ",
                FindingStatus.Warning => "note",
                _ => "BAD ",
            };
            yield return $"{mark}  {finding.Name.PadRight(width)}  {finding.Detail.Replace("\n", "\n" + indent, StringComparison.Ordinal)}";
            if (finding.Remedy is not null)
            {
                yield return $"{indent}-> {finding.Remedy}";
            }
        }
    }

    /// <summary>One JSON object.</summary>
    public static void WriteTo(Utf8JsonWriter json, Checkup checkup)
    {
        json.WriteStartObject();
        json.WriteBoolean("ok", checkup.IsWell);
        json.WriteStartArray("checks");
        foreach (Finding finding in checkup.Findings)
        {
            json.WriteStartObject();
            json.WriteString("name", finding.Name);
            json.WriteString("status", finding.Status.ToString().ToLowerInvariant());
            json.WriteString("detail", finding.Detail);
            json.WriteString("remedy", finding.Remedy);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WritePropertyName("runtimes");
        RuntimeReport.WriteTo(json, checkup.Runtimes);
        json.WriteEndObject();
    }
}
