using System.Diagnostics;

namespace Executor.Engine.Monitoring;

public sealed class ResourceMeterTests
{
    private readonly FakeTimeProvider _time = new();
    private TimeSpan _cpu = TimeSpan.FromSeconds(100);
    private int _reads;

    [Fact]
    public void Cores_are_the_cpu_time_used_in_the_time_that_passed()
    {
        ResourceMeter meter = new(_time, Read);
        _cpu += TimeSpan.FromSeconds(3);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1.5, meter.Measure().CpuCores);

        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(0, meter.Measure().CpuCores);
    }

    [Fact]
    public void Usage_is_read_once_a_second_at_most()
    {
        ResourceMeter meter = new(_time, Read);
        _cpu += TimeSpan.FromSeconds(1);
        _time.Advance(TimeSpan.FromSeconds(1));
        _ = meter.Measure();
        _time.Advance(TimeSpan.FromSeconds(0.9));

        Assert.Equal(1, meter.Measure().CpuCores);
        Assert.Equal(2, _reads);
    }

    [Fact]
    public void Cpu_time_that_was_forgotten_with_a_descendant_is_not_negative_use()
    {
        ResourceMeter meter = new(_time, Read);
        _cpu -= TimeSpan.FromSeconds(50);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(0, meter.Measure().CpuCores);
    }

    [Fact]
    public async Task Memory_and_time_of_a_child_process_are_counted()
    {
        using Process child = Process.Start(new ProcessStartInfo("sh", ["-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo; read end"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            Assert.Equal("", await child.StandardOutput.ReadLineAsync());

            ResourceUsage usage = ResourceUsage.Read();

            Assert.InRange(usage.Memory, 1 << 20, 1L << 40);
            Assert.InRange(usage.DescendantsMemory!.Value, 1 << 16, 1L << 40);
            Assert.True(usage.CpuTime >= child.TotalProcessorTime);
        }
        finally
        {
            child.StandardInput.Close();
            await child.WaitForExitAsync();
        }
    }

    private ResourceUsage Read()
    {
        _reads++;
        return new ResourceUsage(_cpu, 64 << 20, null);
    }
}
