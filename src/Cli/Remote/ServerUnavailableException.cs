namespace Executor.Cli.Remote;

/// <summary>The server can't be reached, is no server of ours, or can't do its work at the moment. The message is for a person.</summary>
internal sealed class ServerUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
