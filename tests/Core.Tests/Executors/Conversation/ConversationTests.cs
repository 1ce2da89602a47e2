using CsCheck;

namespace Executor.Executors.Conversation;

/// <summary>Both sides of the conversation over a connection that breaks at any place.</summary>
public sealed class ConversationTests
{
    [Fact]
    public void Nothing_is_lost_and_nothing_comes_twice_however_the_connection_breaks() =>
        Gen.Byte.Array[0, 300].Sample(steps => new SimulatedConversation().Play(steps), iter: 3_000);
}
