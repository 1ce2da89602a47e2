using Orleans.Serialization;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.WireProtocol;

namespace Executor.Grains.Serialization;

/// <summary>Reads and writes a payload without opening it.</summary>
[RegisterSerializer]
internal sealed class PayloadCodec<T>(Serializer<T> serializer) : IFieldCodec<Payload<T>>
    where T : class
{
    void IFieldCodec<Payload<T>>.WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, Payload<T>? value)
    {
        if (ReferenceCodec.TryWriteReferenceField(ref writer, fieldIdDelta, expectedType!, value))
        {
            return;
        }

        byte[] bytes = value!.Bytes(serializer);
        writer.WriteFieldHeader(fieldIdDelta, expectedType!, typeof(Payload<T>), WireType.LengthPrefixed);
        writer.WriteVarUInt32((uint)bytes.Length);
        writer.Write(bytes);
    }

    Payload<T> IFieldCodec<Payload<T>>.ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.IsReference)
        {
            return ReferenceCodec.ReadReference<Payload<T>, TInput>(ref reader, field)!;
        }

        field.EnsureWireType(WireType.LengthPrefixed);
        Payload<T> payload = new(reader.ReadBytes(reader.ReadVarUInt32()), serializer);
        ReferenceCodec.RecordObject(reader.Session, payload);
        return payload;
    }
}
