using Orleans.Serialization;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.WireProtocol;

namespace Executor.Grains.Serialization;

/// <summary>Reads and writes a parcel without opening it.</summary>
[RegisterSerializer]
internal sealed class ParcelCodec<T>(Serializer<T> serializer) : IFieldCodec<Parcel<T>>
    where T : class
{
    void IFieldCodec<Parcel<T>>.WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, Parcel<T>? value)
    {
        if (ReferenceCodec.TryWriteReferenceField(ref writer, fieldIdDelta, expectedType!, value))
        {
            return;
        }

        byte[] bytes = value!.Bytes(serializer);
        writer.WriteFieldHeader(fieldIdDelta, expectedType!, typeof(Parcel<T>), WireType.LengthPrefixed);
        writer.WriteVarUInt32((uint)bytes.Length);
        writer.Write(bytes);
    }

    Parcel<T> IFieldCodec<Parcel<T>>.ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.IsReference)
        {
            return ReferenceCodec.ReadReference<Parcel<T>, TInput>(ref reader, field)!;
        }

        field.EnsureWireType(WireType.LengthPrefixed);
        Parcel<T> parcel = new(reader.ReadBytes(reader.ReadVarUInt32()), serializer);
        ReferenceCodec.RecordObject(reader.Session, parcel);
        return parcel;
    }
}
