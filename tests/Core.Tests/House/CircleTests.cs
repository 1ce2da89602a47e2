namespace Executor.House;

public sealed class CircleTests
{
    [Fact]
    public void Arrows_that_run_one_way_have_no_circle() => Assert.Null(Find(("a", "b"), ("a", "c"), ("b", "c"), ("c", "d")));

    [Fact]
    public void Two_that_know_each_other_are_a_circle() => Assert.Equal("a → b → a", Find(("a", "b"), ("b", "a")));

    [Fact]
    public void Circle_is_told_without_the_way_to_it() => Assert.Equal("b → c → d → b", Find(("a", "b"), ("b", "c"), ("c", "d"), ("d", "b")));

    [Fact]
    public void Circle_is_found_where_another_way_was_clear() => Assert.Equal("a → c → a", Find(("a", "b"), ("a", "c"), ("c", "b"), ("c", "a")));

    [Fact]
    public void Node_may_know_itself() => Assert.Null(Find(("a", "a"), ("a", "b")));

    private static string? Find(params (string From, string To)[] arrows) => Circle.Find(arrows
        .GroupBy(arrow => arrow.From, arrow => arrow.To)
        .ToDictionary(group => group.Key, IReadOnlySet<string> (group) => group.ToHashSet()));
}
