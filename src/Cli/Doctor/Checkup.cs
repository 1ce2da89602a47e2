using Executor.Configuration;
using Executor.Hosting;
using Executor.Runners.Modules;
using Executor.Runners.Probing;

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
        findings.AddRange(await host.CheckAsync(elsewhere: false, cancellationToken));
        findings.AddRange(await host.CheckAsync(elsewhere: true, cancellationToken));
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
}
