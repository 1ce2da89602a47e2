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
}
