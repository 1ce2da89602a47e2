using System.Text;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Tests.Storage;

public sealed class OutputLimitTests
{
    private const string Mark = "\n[output truncated: more than 1 KiB]\n";

    private static readonly OutputLimit Limit = new(1);

    [Fact]
    public void Result_within_the_limit_is_the_same_one()
    {
        TaskResult result = new() { TaskId = "t", Status = ExecutionStatus.Completed, Stdout = new string('ä', 512), Compile = new StageResult { ExitCode = 0 } };

        Assert.Same(result, Limit.Apply(result));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("ä")]
    [InlineData("漢")]
    [InlineData("😀")]
    public void Cut_output_is_whole_characters_up_to_the_limit(string character)
    {
        string output = string.Concat(Enumerable.Repeat(character, 1_100));

        string cut = Limit.Apply(new TaskResult { TaskId = "t", Status = ExecutionStatus.Failed, Stderr = output }).Stderr;

        Assert.EndsWith(Mark, cut, StringComparison.Ordinal);
        string kept = cut[..^Mark.Length];
        Assert.StartsWith(kept, output, StringComparison.Ordinal);
        Assert.Equal(0, kept.Length % character.Length);
        Assert.InRange(Encoding.UTF8.GetByteCount(kept), 1_021, 1_024);
    }

    [Fact]
    public void Half_characters_are_cut_as_what_they_become() =>
        Assert.Equal(
            new string('\ud800', 341) + Mark,
            Limit.Apply(new TaskResult { TaskId = "t", Status = ExecutionStatus.Failed, Stdout = new string('\ud800', 1_100) }).Stdout);

    [Theory]
    [InlineData(0, 10, "xxxxxxxxxx")]
    [InlineData(1_020, 4, "xxxx")]
    [InlineData(1_020, 5, "xxxx" + Mark)]
    [InlineData(1_024, 1, Mark)]
    [InlineData(1_025, 1, "")]
    public void Addition_to_a_log_is_cut_once(long length, int addition, string expected) =>
        Assert.Equal(expected, Limit.CutAddition(length, new string('x', addition)));
}
