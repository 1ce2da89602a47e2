using System.Text;
using System.Text.Json;

namespace Executor.Runners.Ssh.Remote;

/// <summary>The programs that are sent to a host, and how they are started there.</summary>
internal static class RemoteSource
{
    /// <summary>Reads a program from standard input and runs it: what <c>python3 -c</c> is given, so that nothing has to be on the host before.</summary>
    private const string Loader = "import sys; i = sys.stdin.buffer; exec(i.read(int(i.readline())))";

    /// <summary>Starts the first of its arguments that is there with the loader; exit code 127 if none is.</summary>
    private const string FirstPython = "p=$1; shift; for i; do command -v \"$i\" >/dev/null 2>&1 && exec \"$i\" -I -c \"$p\"; done; exit 127";

    /// <summary>Keeps the folder (<c>keeper.py</c>).</summary>
    public static byte[] Keeper => field ??= Read("keeper.py");

    /// <summary>Installs a runtime (<c>install.py</c>).</summary>
    public static byte[] Installer => field ??= Read("install.py");

    /// <summary>Starts a Python that expects one of these programs; exit code 127 if there is none of the names. A shell that is surely there looks for it.</summary>
    public static string CommandLine(IEnumerable<string> pythons) => "exec " + ShellWord.Join(["sh", "-c", FirstPython, "executor", Loader, .. pythons]);

    /// <summary>What that Python is sent: the program, and the first thing it is told.</summary>
    public static byte[] Introduce(byte[] program, Action<Utf8JsonWriter> fields) =>
        [.. Encoding.ASCII.GetBytes($"{program.Length}\n"), .. program, .. Line(fields)];

    /// <summary>A JSON object, in a line.</summary>
    public static byte[] Line(Action<Utf8JsonWriter> fields)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    private static byte[] Read(string name)
    {
        using Stream stream = typeof(RemoteSource).Assembly.GetManifestResourceStream(name)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
