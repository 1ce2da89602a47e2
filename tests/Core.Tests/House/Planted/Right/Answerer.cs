namespace Executor.House.Planted.Right;

/// <summary>Knows the other side within a method only.</summary>
internal sealed class Answerer
{
    public override string ToString() => ReferenceEquals(this, null) ? Left.Asker.Ask(this) : nameof(Answerer);
}
