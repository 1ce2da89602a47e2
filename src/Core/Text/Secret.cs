using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Executor.Text;

/// <summary>A password, key or connection string. Printing it gives <c>***</c>, and so does writing it as JSON; only <see cref="Reveal"/> gives the value.</summary>
[JsonConverter(typeof(SecretConverter))]
[DebuggerDisplay("***")]
public sealed class Secret(string value) : IEquatable<Secret>
{
    private const string Mask = "***";

    /// <summary>The value, for the one place that needs it.</summary>
    public string Reveal() => value;

    /// <summary>Whether the value is <paramref name="candidate"/>; the time taken does not tell how much of it matched.</summary>
    public bool Matches(string candidate) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(value), Encoding.UTF8.GetBytes(candidate));

    /// <inheritdoc/>
    public bool Equals(Secret? other) => other is not null && Matches(other.Reveal());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <inheritdoc/>
    public override int GetHashCode() => value.GetHashCode(StringComparison.Ordinal);

    /// <summary>Always <c>***</c>.</summary>
    public override string ToString() => Mask;

    private sealed class SecretConverter : JsonConverter<Secret>
    {
        public override Secret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new JsonException("Secrets are read from the configuration, never from JSON.");

        public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Mask);
    }
}
