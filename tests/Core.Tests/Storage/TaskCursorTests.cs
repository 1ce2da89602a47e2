using Executor.Storage;

namespace Executor.Tests.Storage;

public sealed class TaskCursorTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1_900_000_000_123, 42)]
    [InlineData(long.MinValue, long.MaxValue)]
    public void Cursor_is_read_as_it_was_written(long time, long sequence)
    {
        var cursor = new TaskCursor(time, sequence);

        Assert.True(TaskCursor.TryParse(cursor.ToString(), out TaskCursor read));
        Assert.Equal(cursor, read);
        Assert.Matches("^[A-Za-z0-9_-]+$", cursor.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not a cursor, that is plain")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("\0\ud800")]
    public void Anything_else_is_no_cursor(string? text) => Assert.False(TaskCursor.TryParse(text, out _));
}
