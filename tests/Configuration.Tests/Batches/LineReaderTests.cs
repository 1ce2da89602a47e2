using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Executor.Configuration.Batches;

public sealed class LineReaderTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a", "1:a")]
    [InlineData("a\n", "1:a")]
    [InlineData("\n\na", "1: 2: 3:a")]
    [InlineData("abcdefgh\nabcdefghi\nb", "1:abcdefgh 2:! 3:b")]
    [InlineData("abcdefghi", "1:!")]
    [InlineData("abcdefghiabcdefghiabcdefghiabcdefghi\n\nb\n", "1:! 2: 3:b")]
    public async Task Next_gives_lines_and_marks_those_over_the_limit(string text, string expected)
    {
        // Every buffer size from one byte on, so that lines and newlines fall on every boundary.
        for (int bufferSize = 1; bufferSize <= text.Length + 1; bufferSize++)
        {
            PipeReader pipe = PipeReader.Create(
                new MemoryStream(Encoding.UTF8.GetBytes(text)), new StreamPipeReaderOptions(new ExactPool(), bufferSize, minimumReadSize: 1));
            LineReader lines = new(pipe, maxLength: 8);
            List<string> read = [];

            while (await lines.NextAsync(CancellationToken.None) is ReadOnlySequence<byte> line)
            {
                read.Add($"{lines.Number}:{(lines.IsTooLong ? "!" : Encoding.UTF8.GetString(line))}");
            }

            Assert.Equal(expected, string.Join(' ', read));
        }
    }

    /// <summary>Hands out memory of exactly the size asked for: pools round up.</summary>
    private sealed class ExactPool : MemoryPool<byte>
    {
        public override int MaxBufferSize => int.MaxValue;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => new Owner(new byte[int.Max(1, minBufferSize)]);

        protected override void Dispose(bool disposing)
        {
        }

        private sealed record Owner(byte[] Bytes) : IMemoryOwner<byte>
        {
            public Memory<byte> Memory => Bytes;

            public void Dispose()
            {
            }
        }
    }
}
