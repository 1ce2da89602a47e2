using System.Text.Json.Serialization;

namespace Executor.Tasks;

/// <summary>Which stream a piece of output came from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OutputStream>))]
public enum OutputStream
{
    /// <summary>Standard output.</summary>
    [JsonStringEnumMemberName("stdout")]
    Stdout = 1,

    /// <summary>Standard error.</summary>
    [JsonStringEnumMemberName("stderr")]
    Stderr = 2,
}
