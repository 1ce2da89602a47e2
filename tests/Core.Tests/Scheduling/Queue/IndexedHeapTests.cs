namespace Executor.Scheduling;

public sealed class IndexedHeapTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void First_is_the_least_whatever_is_added_removed_and_moved(int seed)
    {
        Random random = new(seed);
        IndexedHeap<Item, ByKey> heap = new(new StepCounter());
        List<Item> model = [];
        for (int step = 0; step < 5000; step++)
        {
            // Grows first and shrinks then, so that both a large and an emptied heap are seen.
            int action = random.Next(10);
            if (model.Count == 0 || action < (step < 2500 ? 6 : 3))
            {
                Item item = new() { Key = random.Next(500), Id = step };
                heap.Add(item);
                model.Add(item);
            }
            else if (action < 8)
            {
                Item item = random.Next(2) == 0 ? heap.First! : model[random.Next(model.Count)];
                heap.Remove(item);
                model.Remove(item);
            }
            else
            {
                Item item = model[random.Next(model.Count)];
                item.Key = random.Next(500);
                heap.Moved(item);
            }

            Assert.Equal(model.Count, heap.Count);
            Assert.Same(model.MinBy(item => (item.Key, item.Id)), heap.First);
        }
    }

    private sealed class Item
    {
        public int Key;
        public int Id;
        public int Position;
    }

    private readonly struct ByKey : IHeapOrder<Item>
    {
        public static bool IsBefore(Item a, Item b) => (a.Key, a.Id).CompareTo((b.Key, b.Id)) < 0;

        public static ref int Position(Item item) => ref item.Position;
    }
}
