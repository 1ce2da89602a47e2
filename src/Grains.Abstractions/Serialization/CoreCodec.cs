using System.Text.Json;
using Orleans.Serialization;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.Serializers;
using Orleans.Serialization.WireProtocol;

namespace Executor.Grains.Serialization;

/// <summary>Carries Core's records across grain calls as JSON, so that Core needs to know nothing of Orleans. They are immutable: within a silo they are not copied.</summary>
[Alias("executor.core")]
internal sealed class CoreCodec : IGeneralizedCodec, IGeneralizedCopier, ITypeFilter
{
    private static readonly Type Self = typeof(CoreCodec);

    /// <inheritdoc/>
    public bool? IsTypeAllowed(Type type) => ClusterJson.Carries(type) ? true : null;

    bool IGeneralizedCodec.IsSupportedType(Type type) => type == Self || ClusterJson.Carries(type);

    bool IGeneralizedCopier.IsSupportedType(Type type) => ClusterJson.Carries(type);

    object? IDeepCopier.DeepCopy(object? input, CopyContext context) => input;

    void IFieldCodec.WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, object? value)
    {
        if (ReferenceCodec.TryWriteReferenceField(ref writer, fieldIdDelta, expectedType!, value))
        {
            return;
        }

        writer.WriteFieldHeader(fieldIdDelta, expectedType!, Self, WireType.TagDelimited);
        ReferenceCodec.MarkValueField(writer.Session);
        writer.WriteFieldHeaderExpected(0, WireType.LengthPrefixed);
        writer.Session.TypeCodec.WriteLengthPrefixed(ref writer, value!.GetType());

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), ClusterJson.Wire);
        ReferenceCodec.MarkValueField(writer.Session);
        writer.WriteFieldHeaderExpected(1, WireType.LengthPrefixed);
        writer.WriteVarUInt32((uint)json.Length);
        writer.Write(json);
        writer.WriteEndObject();
    }

    object? IFieldCodec.ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.IsReference)
        {
            return ReferenceCodec.ReadReference(ref reader, field.FieldType!);
        }

        field.EnsureWireTypeTagDelimited();
        uint placeholder = ReferenceCodec.CreateRecordPlaceholder(reader.Session);
        object? result = null;
        Type? type = null;
        uint id = 0;
        for (Field part = reader.ReadFieldHeader(); !part.IsEndBaseOrEndObject; part = reader.ReadFieldHeader())
        {
            id += part.FieldIdDelta;
            switch (id)
            {
                case 0:
                    ReferenceCodec.MarkValueField(reader.Session);
                    type = reader.Session.TypeCodec.ReadLengthPrefixed(ref reader);
                    break;
                case 1 when type is not null && ClusterJson.Carries(type):
                    ReferenceCodec.MarkValueField(reader.Session);
                    byte[] json = reader.ReadBytes(reader.ReadVarUInt32());
                    result = JsonSerializer.Deserialize(json, type, ClusterJson.Wire);
                    break;
                default:
                    reader.ConsumeUnknownField(part);
                    break;
            }
        }

        ReferenceCodec.RecordObject(reader.Session, result!, placeholder);
        return result;
    }
}
