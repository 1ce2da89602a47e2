namespace Executor.Runners.ContractTests;

/// <summary>A test class that needs something this machine may lack. Its tests are then skipped, with the reason; with CI=true they never are, but fail.</summary>
/// <param name="what">What it needs: a class with a static <c>WhyNot</c> that says why it can't be had, null when it can.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsAttribute(Type what) : Attribute
{
    /// <summary>Why the tests of a class are skipped; null: they are not.</summary>
    public static string? WhyNot(Type testClass)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true" || GetCustomAttribute(testClass, typeof(NeedsAttribute)) is not NeedsAttribute needs)
        {
            return null;
        }

        return (string?)needs.What.GetProperty(nameof(WhyNot))!.GetValue(null);
    }

    private Type What => what;
}
