namespace Executor.Runners.Ssh.Remote;

/// <summary>The programs that are sent to a host.</summary>
internal static class RemoteSource
{
    /// <summary>Reads a program from standard input and runs it: what <c>python3 -c</c> is given, so that nothing has to be on the host before.</summary>
    public const string Loader = "import sys; i = sys.stdin.buffer; exec(i.read(int(i.readline())))";

    /// <summary>Keeps the folder (<c>keeper.py</c>).</summary>
    public static byte[] Keeper => field ??= Read("keeper.py");

    private static byte[] Read(string name)
    {
        using Stream stream = typeof(RemoteSource).Assembly.GetManifestResourceStream(name)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
