using System.Text;
using Executor.Storage;

namespace Executor.Tests.Storage;

public sealed class StoredTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("plain ä 漢字 😀 \u0001\u007f\uffff\ufffd")]
    public void Text_that_databases_keep_is_kept_as_it_is(string text) => Assert.Same(text, StoredText.Encode(text));

    /// <summary>Not in attributes, which are UTF-8 themselves.</summary>
    public static TheoryData<string, string> OddTexts { get; } = new()
    {
        { "\0", "\ufdd00000" },
        { "a\ud800b", "a\ufdd0D800b" },
        { "\udc00\ud83d\ude00", "\ufdd0DC00\ud83d\ude00" },
        { "\ud83d", "\ufdd0D83D" },
        { "\ufdd00000", "\ufdd0FDD00000" },
    };

    [Theory]
    [MemberData(nameof(OddTexts), DisableDiscoveryEnumeration = true)]
    public void Text_that_databases_change_is_written_in_other_words(string text, string kept)
    {
        Assert.Equal(kept, StoredText.Encode(text));
        Assert.Equal(text, StoredText.Decode(kept));
    }

    [Fact]
    public void Random_text_comes_back_and_is_kept_as_whole_characters_without_nul()
    {
        var random = new Random(3);
        char[] odd = ['\0', '\ud800', '\udbff', '\udc00', '\udfff', '\ufdd0', 'a', '0', '漢', '\n'];
        for (int i = 0; i < 20_000; i++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(12)).Select(_ => odd[random.Next(odd.Length)])]);

            string kept = StoredText.Encode(text);

            Assert.DoesNotContain('\0', kept);
            Assert.Equal(kept, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(kept)));
            Assert.Equal(text, StoredText.Decode(kept));
        }
    }
}
