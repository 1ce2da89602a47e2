using Xunit.Abstractions;
using Xunit.Sdk;

namespace Executor.Storage.Sql.Tests;

/// <summary>A test class that needs a PostgreSQL server.</summary>
public interface INeedsPostgres;

/// <summary>A test that is skipped, with the reason, in classes that need a PostgreSQL server where there is none and none can be installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Executor.Storage.Sql.Tests." + nameof(StoreFactDiscoverer), "Executor.Storage.Sql.Tests")]
public sealed class StoreFactAttribute : FactAttribute;

public sealed class StoreFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    protected override IXunitTestCase CreateTestCase(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new StoreTestCase(
            DiagnosticMessageSink,
            discoveryOptions.MethodDisplayOrDefault(),
            discoveryOptions.MethodDisplayOptionsOrDefault(),
            testMethod);
}

public sealed class StoreTestCase : XunitTestCase
{
#pragma warning disable CS0618 // Only for xunit, which makes it from its serialized form.
    public StoreTestCase()
    {
    }
#pragma warning restore CS0618

    public StoreTestCase(IMessageSink messages, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(messages, display, options, method)
    {
    }

    protected override string GetSkipReason(IAttributeInfo factAttribute) =>
        TestMethod.TestClass.Class.ToRuntimeType().IsAssignableTo(typeof(INeedsPostgres)) && Postgres.PostgresServer.WhyNot is string reason
            ? reason
            : base.GetSkipReason(factAttribute);
}
