using System.Reflection;
using Executor.Runtimes;
using Xunit.Sdk;

namespace Executor;

/// <summary>Says why tests that need a toolchain are skipped: it is absent. Never where <c>CI=true</c>: there it must be present.</summary>
internal static class Toolchain
{
    public static string? ReasonToSkip(string runtime)
    {
        ProbeResult found = Find(runtime);
        return found.Found || Environment.GetEnvironmentVariable("CI") == "true" ? null : $"{runtime} is not on this machine: {found.Problem}. {found.InstallHint}";
    }

    public static ProbeResult Find(string runtime) =>
        RuntimeProbe.Shared.FindAsync(RuntimeCatalog.BuiltIn.Find(runtime)!, null, CancellationToken.None).GetAwaiter().GetResult();
}

/// <summary>A fact that needs a runtime's toolchain.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolchainFactAttribute : FactAttribute
{
    public ToolchainFactAttribute(string runtime)
    {
        Runtime = runtime;
        Skip = Toolchain.ReasonToSkip(runtime);
    }

    public string Runtime { get; }
}

/// <summary>A theory that needs a runtime's toolchain.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolchainTheoryAttribute : TheoryAttribute
{
    public ToolchainTheoryAttribute(string runtime)
    {
        Runtime = runtime;
        Skip = Toolchain.ReasonToSkip(runtime);
    }

    public string Runtime { get; }
}

/// <summary>A row of a theory about a runtime: its name, then the values given.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class ToolchainDataAttribute : DataAttribute
{
    private readonly object?[] _values;

    public ToolchainDataAttribute(string runtime, params object?[] values)
    {
        Runtime = runtime;
        _values = values;
        Skip = Toolchain.ReasonToSkip(runtime);
    }

    public string Runtime { get; }

    public override IEnumerable<object?[]> GetData(MethodInfo testMethod) => [[Runtime, .. _values]];
}
