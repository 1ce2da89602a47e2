using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace Executor.Configuration.Batches;

public static partial class TaskBatchReader
{
    private enum Form
    {
        JsonLines,
        Json,
        Yaml,
    }

    private static async ValueTask<Form> TellFormAsync(PipeReader pipe, string name, CancellationToken cancellationToken)
    {
        ReadOnlySequence<byte> start = await PeekAsync(pipe, static text => FirstByte(text) is not null, cancellationToken);
        if (start.Length >= 2 && start.Slice(0, 2).ToArray() is [0xFF, 0xFE] or [0xFE, 0xFF])
        {
            throw new TaskBatchException($"{name}: is UTF-16 text; save it as UTF-8");
        }

        byte? first = FirstByte(start);
        pipe.AdvanceTo(start.Start);
        return (Path.GetExtension(name).ToLowerInvariant(), first) switch
        {
            (".jsonl" or ".ndjson", _) => Form.JsonLines,
            (".yaml" or ".yml", _) => Form.Yaml,
            (_, (byte)'[') => Form.Json,
            (_, (byte)'{') => await TellJsonFormAsync(pipe, cancellationToken),
            (".json", _) => Form.Json,
            _ => Form.Yaml,
        };
    }

    /// <summary>Tells JSON lines from one object over many lines, and from a map of tasks, by the first line.</summary>
    private static async ValueTask<Form> TellJsonFormAsync(PipeReader pipe, CancellationToken cancellationToken)
    {
        ReadOnlySequence<byte> text = await PeekAsync(
            pipe, static text => FirstLine(text) is not null || text.Length > MaxLineBytes, cancellationToken);
        Form form = IsTaskLine(FirstLine(text) ?? text) ? Form.JsonLines : Form.Json;
        pipe.AdvanceTo(text.Start);
        return form;
    }

    /// <summary>Reads until there is enough, without consuming; the caller advances.</summary>
    private static async ValueTask<ReadOnlySequence<byte>> PeekAsync(
        PipeReader pipe, Func<ReadOnlySequence<byte>, bool> isEnough, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read = await pipe.ReadAsync(cancellationToken);
            if (read.IsCompleted || isEnough(read.Buffer))
            {
                return read.Buffer;
            }

            pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>The first byte that is neither white space nor of a byte order mark; null when there is none yet.</summary>
    private static byte? FirstByte(ReadOnlySequence<byte> text)
    {
        SequenceReader<byte> reader = new(text);
        reader.AdvancePastAny([(byte)' ', (byte)'\t', (byte)'\r', (byte)'\n', 0xEF, 0xBB, 0xBF]);
        return reader.TryPeek(out byte first) ? first : null;
    }

    /// <summary>The first line that is not blank, if its end is there.</summary>
    private static ReadOnlySequence<byte>? FirstLine(ReadOnlySequence<byte> text)
    {
        SequenceReader<byte> reader = new(text);
        while (reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
        {
            if (FirstByte(line) is not null)
            {
                return line;
            }
        }

        return null;
    }

    private static bool IsTaskLine(ReadOnlySequence<byte> line)
    {
        byte[] bytes = line.ToArray();
        Utf8JsonReader reader = new(bytes.AsSpan(int.Max(0, bytes.AsSpan().IndexOf((byte)'{'))));
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueSpan.SequenceEqual(TasksKeyUtf8))
                {
                    return false;
                }
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
