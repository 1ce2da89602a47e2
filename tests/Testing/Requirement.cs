using Executor.Runners.Probing;
using Executor.Runtimes;

namespace Executor.Testing;

/// <summary>What a test needs of the machine. Where that is missing the test is skipped with the reason; where <c>CI=true</c> it fails.</summary>
public static class Requirement
{
    /// <summary>Skips the test that calls it, from its own code, its constructor or its <c>InitializeAsync</c>.</summary>
    /// <param name="whyNot">What is missing; null: nothing.</param>
    public static void Check(string? whyNot)
    {
        if (whyNot is not null)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", whyNot);
            Assert.Fail(whyNot);
        }
    }

    /// <summary>PostgreSQL's server.</summary>
    public static void Postgres() => Check(PostgresServer.WhyNot);

    /// <summary>A clock of a program's own, to be set.</summary>
    public static void FakedClock() => Check(Testing.FakedClock.WhyNot);

    /// <summary>Being root, to do what is named.</summary>
    /// <param name="act">As in "only root can …".</param>
    public static void Root(string act) => Check(Environment.IsPrivilegedProcess ? null : $"only root can {act}");

    /// <summary>The toolchain of a built-in runtime.</summary>
    /// <param name="runtime">Its name.</param>
    /// <returns>Where it is.</returns>
    public static ProbeResult Toolchain(string runtime)
    {
        ProbeResult found = RuntimeProbe.Shared.FindAsync(RuntimeCatalog.BuiltIn.Find(runtime)!, null, CancellationToken.None).GetAwaiter().GetResult();
        Check(found.Found ? null : $"{runtime} is not on this machine: {found.Problem}. {found.InstallHint}");
        return found;
    }
}
