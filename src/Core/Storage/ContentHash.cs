using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Executor.Tasks;
using Executor.Wire;

namespace Executor.Storage;

/// <summary>
/// The SHA-256 of a task's canonical JSON: equal tasks have equal hashes however their JSON was laid out (order of fields, blanks,
/// escapes). Numbers are compared as written, for to a program 1 and 1.0 are different.
/// </summary>
public readonly record struct ContentHash
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 32;

    // What names, places and answers a task, but can't change what its run does.
    private static readonly string[] NotWork =
        ["task_id", "name", "details", "priority", "retry", "depends_on", "cache", "callback_url"];

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    /// <summary>A hash that was kept as bytes.</summary>
    /// <exception cref="ArgumentException">There are not <see cref="Size"/> of them.</exception>
    public ContentHash(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Size);
        _high = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        _low = BinaryPrimitives.ReadUInt128BigEndian(bytes[(Size / 2)..]);
    }

    /// <summary>Of everything in the task: tells a repeated submit from another task of the same id.</summary>
    public static ContentHash OfTask(TaskSpec spec) => OfTask(Serialize(spec));

    /// <summary>The same of the task's JSON, in UTF-8.</summary>
    public static ContentHash OfTask(ReadOnlyMemory<byte> json) => Of(json, []);

    /// <summary>Of what its run depends on: the key of stored results. Everything but its id, name, details, priority, retry, dependencies, cache and callback.</summary>
    public static ContentHash OfWork(TaskSpec spec) => OfWork(Serialize(spec));

    /// <summary>The same of the task's JSON, in UTF-8.</summary>
    public static ContentHash OfWork(ReadOnlyMemory<byte> json) => Of(json, NotWork);

    /// <summary>Its bytes.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Size];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _high);
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(Size / 2), _low);
        return bytes;
    }

    /// <summary>In hexadecimal.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_high:x32}{_low:x32}");

    private static byte[] Serialize(TaskSpec spec) => JsonSerializer.SerializeToUtf8Bytes(spec, StoredJson.Context.TaskSpec);

    private static ContentHash Of(ReadOnlyMemory<byte> json, string[] without)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(CanonicalJson.Write(json, without), hash);
        return new ContentHash(hash);
    }
}
