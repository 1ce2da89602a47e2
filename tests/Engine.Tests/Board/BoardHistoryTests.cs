using CsCheck;

namespace Executor.Engine.Board;

/// <summary>Random histories of a board: it does what the plainest reading of the rules does, and every task ends once.</summary>
public sealed class BoardHistoryTests
{
    private static readonly Gen<uint[]> Histories = Gen.UInt.Array[1, 150];

    [Fact]
    public void Board_does_as_the_rules_say_and_every_task_ends_once() =>
        Histories.Sample(steps => new BoardHistory(hasRecovery: false).Live(steps), iter: 2_000);

    [Fact]
    public void Board_that_waits_for_its_executors_after_a_restart_does_as_the_rules_say_and_every_task_ends_once() =>
        Histories.Sample(steps => new BoardHistory(hasRecovery: true).Live(steps), iter: 2_000);

    [Fact]
    public void Histories_reach_every_phase_and_every_effect_but_that_of_a_person()
    {
        Random random = new(7);
        HashSet<string> seen = [];
        for (int i = 0; i < 300; i++)
        {
            BoardHistory history = new(hasRecovery: true);
            history.Live([.. Enumerable.Range(0, 100).Select(_ => (uint)random.Next())]);
            seen.UnionWith(history.Seen);
        }

        string[] effects = [.. typeof(BoardEffect).Assembly.GetTypes().Where(type => type.BaseType == typeof(BoardEffect)).Select(type => type.Name)];
        Assert.Empty(effects.Except(seen).Except([nameof(TellDrain)]));
        Assert.Empty(Enum.GetNames<TaskPhase>().Except(seen).Except([nameof(TaskPhase.New)]));
        Assert.Empty(((string[])["refused for a full queue", "refused for a parent", "a slot that is kept"]).Except(seen));
    }
}
