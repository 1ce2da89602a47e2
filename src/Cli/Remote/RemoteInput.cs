using System.Text;
using Executor.Cli.Running;
using Executor.Hosting;

namespace Executor.Cli.Remote;

/// <summary>Reads the program's standard input for a task that runs elsewhere: as a whole, before it is submitted.</summary>
internal static class RemoteInput
{
    private static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(2);

    /// <summary>The text of the file asked for, else of our own standard input where it is a pipe or a file; null: none.</summary>
    /// <exception cref="UsageException">It can't be read, or is no text.</exception>
    public static string? Read(RunRequest request)
    {
        bool isOurs = request.StdinFile is null;
        if (isOurs && (request.ReadsSourceFromInput || !Console.IsInputRedirected || StandardInput.IsOthers))
        {
            return null;
        }

        using Stream? input = ProgramInput.Open(request);
        using MemoryStream content = new();
        // A pipe that nobody closes would let us wait without a word.
        using (new Timer(_ => Reporter.Say("reading standard input to its end before the task is submitted; for none: --stdin /dev/null"), null, isOurs ? QuietTime : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan))
        {
            input?.CopyTo(content);
        }

        try
        {
            return content.Length == 0 ? null : new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(content.GetBuffer(), 0, (int)content.Length);
        }
        catch (DecoderFallbackException)
        {
            throw new UsageException($"{(isOurs ? "standard input" : $"--stdin {request.StdinFile}")}: is not UTF-8 text, which is all that can be submitted as input; give the data with --file");
        }
    }
}
