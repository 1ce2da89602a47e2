namespace Executor.Hosting;

/// <summary>Something asked for on the command line can't be done as asked. The message is the whole of what a person needs.</summary>
public class UsageException(string message) : Exception(message);
