using System.Text;

namespace Executor.Hosting;

/// <summary>Our own words to the person at the terminal: lines on standard error that begin with <c>executor: </c>.</summary>
public static class Reporter
{
    /// <summary>Whether <c>EXECUTOR_DEBUG=1</c> asks for stack traces and debug logs.</summary>
    public static bool IsDebug => Environment.GetEnvironmentVariable("EXECUTOR_DEBUG") is "1" or "true";

    /// <summary>Writes each line of <paramref name="message"/> as a line of ours.</summary>
    public static void Say(string message)
    {
        foreach (string line in message.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Write($"executor: {line.TrimEnd('\r')}\n");
        }
    }

    /// <summary>Says what went wrong: its message, and the stack with <c>EXECUTOR_DEBUG=1</c>.</summary>
    public static void Say(Exception exception)
    {
        Say(exception.Message);
        if (IsDebug)
        {
            Write($"{exception}\n");
        }
    }

    /// <summary>Writes text as it is.</summary>
    public static void Write(string text)
    {
        try
        {
            OutputChannel.Stderr.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (IOException)
        {
            // Nobody listens; the exit code still tells.
        }
    }
}
