namespace Executor.Scheduling;

public sealed class NameSetTests
{
    [Fact]
    public void Sets_with_the_same_names_are_equal_whatever_their_order()
    {
        NameSet set = NameSet.Of("gpu", "avx", "gpu");

        Assert.Equal(NameSet.Of("avx", "gpu"), set);
        Assert.Equal(NameSet.Of("avx", "gpu").GetHashCode(), set.GetHashCode());
        Assert.Equal(2, set.Count);
        Assert.NotEqual(NameSet.Of("avx"), set);
        Assert.NotEqual(NameSet.Of("avx", "GPU"), set);
    }

    [Fact]
    public void Nothing_is_the_empty_set()
    {
        Assert.Same(NameSet.Empty, NameSet.Of());
        Assert.Same(NameSet.Empty, NameSet.Of(null));
    }

    [Fact]
    public void Subset_has_no_name_that_the_other_lacks()
    {
        NameSet all = NameSet.Of("a", "b", "c");

        Assert.True(NameSet.Of("a", "c").IsSubsetOf(all));
        Assert.True(NameSet.Empty.IsSubsetOf(NameSet.Empty));
        Assert.False(NameSet.Of("a", "d").IsSubsetOf(all));
        Assert.False(all.IsSubsetOf(NameSet.Empty));
    }
}
