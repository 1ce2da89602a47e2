using Executor.Tasks;

namespace Executor.Scheduling;

public sealed class RetryRulesTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(2, 0, 2)]
    [InlineData(5, 0, 16)]
    [InlineData(9, 0, 256)]
    [InlineData(10, 0, 300)]
    [InlineData(100, 0, 300)]
    [InlineData(1, 1, 1.25)]
    [InlineData(3, 0.5, 4.5)]
    public void Wait_doubles_up_to_its_cap_and_grows_by_the_jitter(int failures, double jitter, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new RetryRules().Backoff(Second, failures, jitter));

    [Fact]
    public void Wait_of_nothing_stays_nothing() =>
        Assert.Equal(TimeSpan.Zero, new RetryRules().Backoff(TimeSpan.Zero, 99, 1));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, -0.1)]
    [InlineData(1, 1.1)]
    public void Impossible_arguments_are_refused(int failures, double jitter) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryRules().Backoff(Second, failures, jitter));

    [Fact]
    public void Task_without_a_policy_has_one_attempt()
    {
        Assert.Same(RetryRules.Default, RetryRules.For(null));
        Assert.Equal(1, RetryRules.Default.Policy.MaxAttempts);
        Assert.Equal(7, RetryRules.For(new RetryPolicy { MaxAttempts = 7 }).Policy.MaxAttempts);
    }
}
