using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Executor.Http.Wire;
using Executor.Tasks;

namespace Executor.Api.Tasks;

/// <summary>Writes results as JSON, their output piece by piece: each when the one before has been taken.</summary>
internal static class ResultJson
{
    private const int PieceCharacters = 16 << 10;

    /// <summary>Writes a result and sees to it that it is on its way.</summary>
    public static async Task WriteAsync(PipeWriter writer, TaskResult result, CancellationToken cancellationToken)
    {
        if (TaskSize.OfOutput(result) <= PieceCharacters)
        {
            await writer.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(result, ApiJson.Wire.TaskResult), cancellationToken);
            return;
        }

        byte[] rest = JsonSerializer.SerializeToUtf8Bytes(result with { Stdout = "", Stderr = "" }, ApiJson.Wire.TaskResult);
        int written = 0;
        foreach ((int place, bool isStdout) in OutputPlaces(rest))
        {
            await writer.WriteAsync(rest.AsMemory(written..place), cancellationToken);
            await WriteTextAsync(writer, isStdout ? result.Stdout : result.Stderr, cancellationToken);
            written = place;
        }

        await writer.WriteAsync(rest.AsMemory(written), cancellationToken);
    }

    /// <summary>Where the two empty texts are, behind their first quotation marks.</summary>
    private static List<(int Place, bool IsStdout)> OutputPlaces(byte[] json)
    {
        List<(int, bool)> places = [];
        Utf8JsonReader reader = new(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isStdout = reader.ValueTextEquals("stdout"u8);
            bool isOutput = isStdout || reader.ValueTextEquals("stderr"u8);
            reader.Read();
            if (isOutput)
            {
                places.Add(((int)reader.TokenStartIndex + 1, isStdout));
            }

            reader.Skip();
        }

        return places;
    }

    private static async Task WriteTextAsync(PipeWriter writer, string text, CancellationToken cancellationToken)
    {
        char[] escaped = ArrayPool<char>.Shared.Rent(PieceCharacters);
        try
        {
            for (int start = 0; start < text.Length;)
            {
                ApiJson.Wire.Options.Encoder!.Encode(text.AsSpan(start), escaped.AsSpan(0, PieceCharacters), out int taken, out int given);
                start += taken;
                int bytes = Encoding.UTF8.GetBytes(escaped.AsSpan(0, given), writer.GetSpan(3 * PieceCharacters));
                writer.Advance(bytes);
                if ((await writer.FlushAsync(cancellationToken)).IsCompleted)
                {
                    // Nobody reads any more.
                    return;
                }
            }
        }
        finally
        {
            ArrayPool<char>.Shared.Return(escaped);
        }
    }
}
