namespace Executor.Hosting.Working;

/// <summary>
/// A supervisor's word on standard input: the line <c>drain</c> asks for an orderly end. The end of the input asks for one at once, and
/// comes by itself however the supervisor ends.
/// </summary>
internal static class SupervisorInput
{
    public const string Drain = "drain";

    /// <summary>Listens until the input ends.</summary>
    public static async Task ListenAsync(TextReader input, Action drain, Action stop)
    {
        try
        {
            while (await input.ReadLineAsync() is string line)
            {
                if (line == Drain)
                {
                    drain();
                }
            }
        }
        catch (IOException)
        {
            // As good as its end.
        }

        stop();
    }
}
