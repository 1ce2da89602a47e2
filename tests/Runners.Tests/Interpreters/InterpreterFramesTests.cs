using System.Buffers.Binary;
using System.Text;

namespace Executor.Runners.Interpreters;

public sealed class InterpreterFramesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public async Task Frames_arrive_whole_however_they_are_cut(int pieceSize)
    {
        byte[] sent = [.. Frame('r', []), .. Frame('o', Encoding.UTF8.GetBytes("hello")), .. Frame('e', new byte[70_000]), .. Frame('d', [0, 0, 0, 1, 9])];
        var frames = new InterpreterFrames();
        List<(char Kind, byte[] Content)> got = [];
        foreach (byte[] piece in sent.Chunk(pieceSize))
        {
            await frames.TakeAsync(piece, (kind, content) =>
            {
                got.Add((kind, content.ToArray()));
                return ValueTask.CompletedTask;
            });
        }

        Assert.Equal("roed", string.Concat(got.Select(frame => frame.Kind)));
        Assert.Equal([0, 5, 70_000, 5], got.Select(frame => frame.Content.Length));
        Assert.Equal("hello", Encoding.UTF8.GetString(got[1].Content));
    }

    [Fact]
    public async Task Frame_too_large_to_be_one_is_refused() => await Assert.ThrowsAsync<InvalidDataException>(
        async () => await new InterpreterFrames().TakeAsync(new byte[] { (byte)'o', 0x7F, 0, 0, 0 }, (_, _) => ValueTask.CompletedTask));

    [Fact]
    public void Frames_of_ours_say_what_and_which()
    {
        Assert.Equal([(byte)'i', 0, 0, 0, 4, 0, 0, 0, 7], InterpreterFrames.Interrupt(7));
        Assert.Equal([(byte)'k', 0, 0, 0, 4, 0, 0, 0, 0], InterpreterFrames.Kill(0));
        Assert.Equal(
            [(byte)'x', 0, 0, 0, 16, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, (byte)'n', 0, 0xC3, 0xBC], InterpreterFrames.Execute(256, 1L << 32, "n", "ü"));
    }

    private static byte[] Frame(char kind, byte[] content)
    {
        byte[] frame = [(byte)kind, 0, 0, 0, 0, .. content];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), content.Length);
        return frame;
    }
}
