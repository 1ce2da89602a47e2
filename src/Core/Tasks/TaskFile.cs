using System.Text;
using System.Text.Json.Serialization;

namespace Executor.Tasks;

/// <summary>A file laid out in a task's working directory before it starts, or an artifact taken out of it afterwards.</summary>
public sealed record TaskFile
{
    /// <summary>The content, as <see cref="Encoding"/> says.</summary>
    public required string Content { get; init; }

    /// <summary>How <see cref="Content"/> is written. Default: <see cref="TaskFileEncoding.Utf8"/>.</summary>
    public TaskFileEncoding Encoding { get; init; }

    /// <summary>A file from bytes: as UTF-8 text where they are valid UTF-8, else as base64.</summary>
    public static TaskFile FromBytes(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return new TaskFile { Content = Strict.GetString(bytes) };
        }
        catch (DecoderFallbackException)
        {
            return new TaskFile { Content = Convert.ToBase64String(bytes), Encoding = TaskFileEncoding.Base64 };
        }
    }

    /// <summary>The bytes of the file.</summary>
    /// <exception cref="FormatException">The encoding is base64 and the content is not.</exception>
    public byte[] ToBytes() => Encoding == TaskFileEncoding.Base64
        ? Convert.FromBase64String(Content)
        : System.Text.Encoding.UTF8.GetBytes(Content);

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}

/// <summary>How a file's content is written in JSON.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TaskFileEncoding>))]
public enum TaskFileEncoding
{
    /// <summary>The text itself.</summary>
    [JsonStringEnumMemberName("utf8")]
    Utf8,

    /// <summary>Base64 of the bytes.</summary>
    [JsonStringEnumMemberName("base64")]
    Base64,
}
