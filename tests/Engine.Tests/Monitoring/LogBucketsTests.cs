namespace Executor.Engine.Monitoring;

public sealed class LogBucketsTests
{
    [Fact]
    public void Middle_of_a_bucket_is_near_every_number_in_it()
    {
        var random = new Random(7);
        for (int i = 0; i < 200_000; i++)
        {
            long value = random.NextInt64(1L << random.Next(1, 46));

            long middle = LogBuckets.MiddleOf(LogBuckets.IndexOf(value));

            Assert.True(long.Abs(middle - value) <= 0.016 * value, $"{value} became {middle}");
        }
    }

    [Fact]
    public void Buckets_are_in_the_order_of_the_numbers_and_none_is_left_out()
    {
        int last = -1;
        for (long value = 0; value < 1 << 16; value++)
        {
            int index = LogBuckets.IndexOf(value);

            Assert.InRange(index - last, 0, 1);
            last = index;
        }
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(63, 63)]
    [InlineData(64, 64)]
    [InlineData(65, 64)]
    [InlineData(66, 65)]
    [InlineData(LogBuckets.Largest, LogBuckets.Count - 1)]
    [InlineData(long.MaxValue, LogBuckets.Count - 1)]
    public void Number_at_an_edge_has_the_bucket_beside_it(long value, int index) => Assert.Equal(index, LogBuckets.IndexOf(value));
}
