using System.Text.Encodings.Web;
using System.Text.Json;

namespace Executor.Cli;

/// <summary>JSON written by hand, one document a line: what is written once does not deserve a serializer.</summary>
internal static class JsonOutput
{
    /// <summary>The line, with its newline.</summary>
    public static byte[] Line(Action<Utf8JsonWriter> write)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(json);
        }

        line.WriteByte((byte)'\n');
        return line.ToArray();
    }
}
