namespace Executor.Engine.Monitoring;

public sealed class ProcessTreeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("executor-proc").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Descendants_of_every_generation_are_added_and_strangers_are_not()
    {
        Write(10, parent: 1, cpuUnits: 100, pages: 5);
        Write(11, parent: 10, cpuUnits: 20, pages: 7);
        Write(12, parent: 11, cpuUnits: 3, pages: 2);
        Write(13, parent: 1, cpuUnits: 5000, pages: 5000);

        ResourceUsage usage = ProcessTree.Read(_folder, 10)!.Value;

        Assert.Equal(TimeSpan.FromSeconds(1.23), usage.CpuTime);
        Assert.Equal(5 * Environment.SystemPageSize, usage.Memory);
        Assert.Equal(9 * Environment.SystemPageSize, usage.DescendantsMemory);
    }

    [Fact]
    public void Process_that_is_gone_or_not_written_as_expected_is_passed_over()
    {
        Write(10, parent: 1, cpuUnits: 100, pages: 5);
        Directory.CreateDirectory(Path.Combine(_folder, "11"));
        Directory.CreateDirectory(Path.Combine(_folder, "12"));
        Directory.CreateDirectory(Path.Combine(_folder, "self"));
        File.WriteAllText(Path.Combine(_folder, "12", "stat"), "12 (short) S 10");

        Assert.Equal(0, ProcessTree.Read(_folder, 10)!.Value.DescendantsMemory);
    }

    [Fact]
    public void Process_that_is_not_there_has_no_sums()
    {
        Assert.Null(ProcessTree.Read(_folder, 10));
        Assert.Null(ProcessTree.Read(Path.Combine(_folder, "nowhere"), 10));
    }

    private void Write(int pid, int parent, long cpuUnits, long pages)
    {
        string folder = Path.Combine(_folder, $"{pid}");
        Directory.CreateDirectory(folder);
        // A name may hold blanks and brackets.
        File.WriteAllText(
            Path.Combine(folder, "stat"),
            $"{pid} (a) b (c) S {parent} 1 1 0 -1 4194304 0 0 0 0 {cpuUnits - 3} 1 1 1 20 0 1 0 99 12345 {pages} 18446744073709551615 0 0\n");
    }
}
