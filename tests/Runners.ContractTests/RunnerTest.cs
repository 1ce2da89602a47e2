using Xunit.Abstractions;
using Xunit.Sdk;

namespace Executor.Runners.ContractTests;

/// <summary>A fact that heeds <see cref="NeedsAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Executor.Runners.ContractTests." + nameof(RunnerFactDiscoverer), "Executor.Runners.ContractTests")]
public sealed class RunnerFactAttribute : FactAttribute;

/// <summary>A theory that heeds <see cref="NeedsAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Executor.Runners.ContractTests." + nameof(RunnerTheoryDiscoverer), "Executor.Runners.ContractTests")]
public sealed class RunnerTheoryAttribute : TheoryAttribute;

public sealed class RunnerFactDiscoverer(IMessageSink messages) : RunnerTestDiscoverer(messages, new FactDiscoverer(messages));

public sealed class RunnerTheoryDiscoverer(IMessageSink messages) : RunnerTestDiscoverer(messages, new TheoryDiscoverer(messages));

public abstract class RunnerTestDiscoverer(IMessageSink messages, IXunitTestCaseDiscoverer usual) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        NeedsAttribute.WhyNot(testMethod.TestClass.Class.ToRuntimeType()) is null
            ? usual.Discover(discoveryOptions, testMethod, factAttribute)
            : [new SkippedTestCase(messages, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod)];
}

public sealed class SkippedTestCase : XunitTestCase
{
#pragma warning disable CS0618 // Only for xunit, which makes it from its serialized form.
    public SkippedTestCase()
    {
    }
#pragma warning restore CS0618

    public SkippedTestCase(IMessageSink messages, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(messages, display, options, method)
    {
    }

    protected override string GetSkipReason(IAttributeInfo factAttribute) =>
        NeedsAttribute.WhyNot(TestMethod.TestClass.Class.ToRuntimeType()) ?? base.GetSkipReason(factAttribute);
}
