namespace Executor.Executors.Protocol;

/// <summary>A frame is larger than this side takes.</summary>
/// <param name="maxBytes">The largest that is taken.</param>
public sealed class FrameTooLargeException(int maxBytes) : Exception($"the frame is larger than {maxBytes} bytes");
