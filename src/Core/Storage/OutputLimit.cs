using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Executor.Tasks;

namespace Executor.Storage;

/// <summary>How much of an output a store keeps.</summary>
/// <param name="Kilobytes">KiB of each stream, as UTF-8. Range 1 to 1,048,576.</param>
public readonly record struct OutputLimit(int Kilobytes)
{
    /// <summary>16 MiB: tasks are limited to less unless they ask for more.</summary>
    public static OutputLimit Default { get; } = new(16 * 1024);

    /// <summary>1 GiB: no task can ask for more.</summary>
    public static OutputLimit Largest { get; } = new(1024 * 1024);

    private string Mark => string.Create(CultureInfo.InvariantCulture, $"\n[output truncated: more than {Kilobytes} KiB]\n");

    private int Bytes => Kilobytes * 1024;

    /// <summary>The result with its outputs cut where they are over the limit.</summary>
    public TaskResult Apply(TaskResult result)
    {
        string stdout = Cut(result.Stdout);
        string stderr = Cut(result.Stderr);
        StageResult? compile = result.Compile is StageResult stage && (Cut(stage.Stdout), Cut(stage.Stderr)) is var (compileOut, compileErr)
            && !(ReferenceEquals(compileOut, stage.Stdout) && ReferenceEquals(compileErr, stage.Stderr))
            ? stage with { Stdout = compileOut, Stderr = compileErr }
            : result.Compile;
        return ReferenceEquals(stdout, result.Stdout) && ReferenceEquals(stderr, result.Stderr) && ReferenceEquals(compile, result.Compile)
            ? result
            : result with { Stdout = stdout, Stderr = stderr, Compile = compile, OutputTruncated = true };
    }

    /// <summary>What to append to a log that has grown to a length; both in UTF-16 units, so as not to count the log anew.</summary>
    public string CutAddition(long length, string addition)
    {
        long room = Bytes - length;
        if (addition.Length <= room)
        {
            return addition;
        }

        // The log is longer than the limit only where it ends in the mark.
        return room < 0 ? "" : addition[..(int)room] + Mark;
    }

    private string Cut(string text)
    {
        if ((long)text.Length * 3 <= Bytes || Encoding.UTF8.GetByteCount(text) <= Bytes)
        {
            return text;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(Bytes);
        Utf8.FromUtf16(text, buffer.AsSpan(0, Bytes), out int kept, out _);
        ArrayPool<byte>.Shared.Return(buffer);
        return text[..kept] + Mark;
    }
}
