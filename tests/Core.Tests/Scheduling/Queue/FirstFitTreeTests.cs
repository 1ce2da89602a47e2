namespace Executor.Scheduling;

public sealed class FirstFitTreeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void First_that_fits_is_found_whatever_is_added_and_removed(int seed)
    {
        Random random = new(seed);
        FirstFitTree<WaitingOrder, string> tree = new(new StepCounter());
        List<FirstFitTree<WaitingOrder, string>.Node> model = [];
        for (int step = 0; step < 3000; step++)
        {
            if (model.Count == 0 || random.Next(10) < 6)
            {
                ResourceAmounts amounts = new(1, random.Next(20), random.Next(20), random.Next(3));
                model.Add(tree.Add(new WaitingOrder(random.Next(150), step), amounts, $"item {step}"));
            }
            else
            {
                FirstFitTree<WaitingOrder, string>.Node node = model[random.Next(model.Count)];
                tree.Remove(node);
                model.Remove(node);
            }

            ResourceAmounts free = new(random.Next(3), random.Next(20), random.Next(20), random.Next(3));
            WaitingOrder? limit = random.Next(2) == 0 ? null : new WaitingOrder(random.Next(150), step);
            string? expected = model.OrderBy(node => node.Key)
                .FirstOrDefault(node => node.Amounts.FitsIn(free) && (limit is null || node.Key.IsBefore(limit.Value)))?.Item;
            Assert.Equal(expected, tree.FindFirst(new Fits(free), limit));
        }
    }

    [Fact]
    public void What_is_not_in_the_tree_is_not_removed()
    {
        FirstFitTree<WaitingOrder, string> tree = new(new StepCounter());
        FirstFitTree<WaitingOrder, string>.Node node = tree.Add(new WaitingOrder(0, 0), default, "item");
        tree.Remove(node);

        Assert.True(tree.IsEmpty);
        Assert.Throws<InvalidOperationException>(() => tree.Remove(node));
    }

    private readonly struct Fits(ResourceAmounts free) : IFitQuery<string>
    {
        public bool MayFit(in ResourceAmounts least, in ResourceAmounts most) => least.FitsIn(free);

        public bool Accepts(string item) => true;
    }
}
