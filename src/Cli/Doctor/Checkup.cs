using System.Diagnostics;
using System.Globalization;
using Executor.Configuration;
using Executor.Hosting;
using Executor.Hosting.Doctor;
using Executor.Runners.Probing;
using Executor.Tasks;

namespace Executor.Cli.Doctor;

/// <summary>Everything <c>doctor</c> finds out.</summary>
/// <param name="Findings">What was looked at, in the order in which it is shown.</param>
/// <param name="Runtimes">Each runtime and what is there of it.</param>
internal sealed record Checkup(IReadOnlyList<Finding> Findings, IReadOnlyList<ProbeResult> Runtimes)
{
    /// <summary>Whether tasks run as they should.</summary>
    public bool IsWell => Findings.All(finding => finding.Status != FindingStatus.Problem);

    /// <summary>Looks at everything. A broken configuration is a finding, and the rest is looked at without it.</summary>
    public static async Task<Checkup> TakeAsync(string? configPath, CancellationToken cancellationToken)
    {
        List<Finding> findings = [.. MachineFindings.All()];
        await using LocalHost host = OpenHost(configPath, findings);
        findings.Add(await CheckSandboxAsync(host, cancellationToken));
        findings.AddRange(await host.CheckAdditionsAsync(cancellationToken));
        return new Checkup(findings, await RuntimeReport.ProbeAsync(host.Runtimes, cancellationToken));
    }

    private static LocalHost OpenHost(string? configPath, List<Finding> findings)
    {
        string? path = ConfigurationFile.Find(configPath);
        try
        {
            LocalHost host = LocalHost.Open(configPath);
            findings.Add(new Finding("configuration", FindingStatus.Ok, path ?? "no file: the defaults hold"));
            return host;
        }
        catch (ConfigurationException exception)
        {
            findings.Add(new Finding("configuration", FindingStatus.Problem, exception.Message, $"correct {path ?? "the environment variables"}"));
            return LocalHost.Default();
        }
    }

    private static async Task<Finding> CheckSandboxAsync(LocalHost host, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            await host.Sandbox.CheckAsync(cancellationToken);
            double took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            return new Finding("sandbox", FindingStatus.Ok, string.Create(CultureInfo.InvariantCulture, $"works (the first one took {took:0} ms)"));
        }
        catch (RunnerException exception)
        {
            return new Finding("sandbox", FindingStatus.Problem, exception.Message, "until then only --no-sandbox runs here, without any isolation");
        }
    }
}
