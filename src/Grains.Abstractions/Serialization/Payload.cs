using Orleans.Serialization;

namespace Executor.Grains.Serialization;

/// <summary>
/// A part of a message that only its receiver opens: silos that pass the message on copy its bytes, where Orleans would read and
/// write the whole again. Within a process it is the value itself.
/// </summary>
/// <typeparam name="T">What is in it; immutable.</typeparam>
[Immutable]
public sealed class Payload<T>
    where T : class
{
    private readonly Serializer<T>? _serializer;
    private readonly byte[]? _bytes;
    private T? _value;

    /// <summary>Packs a value.</summary>
    public Payload(T value) => _value = value;

    internal Payload(byte[] bytes, Serializer<T> serializer) => (_bytes, _serializer) = (bytes, serializer);

    /// <summary>What is in it.</summary>
    public T Open() => _value ??= _serializer!.Deserialize(_bytes!)!;

    internal byte[] Bytes(Serializer<T> serializer) => _bytes ?? serializer.SerializeToArray(_value);
}
