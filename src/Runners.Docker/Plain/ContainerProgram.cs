using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Docker.DotNet;
using Docker.DotNet.Models;
using Executor.Runners.Docker.Engine;
using Executor.Runners.Workspaces;
using Executor.Tasks;

namespace Executor.Runners.Docker.Plain;

/// <summary>The only program of a container.</summary>
internal sealed class ContainerProgram : IRunningProcess
{
    private const int SigKill = 9;
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(5);
    private readonly DockerEngine _engine;
    private readonly string _container;
    private readonly MultiplexedStream _attached;
    private readonly ProcessSpec _spec;
    private readonly CancellationTokenSource _killed = new();
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Task<ProcessExit> _running;

    /// <param name="engine">The engine.</param>
    /// <param name="container">The container's name.</param>
    /// <param name="attached">Its streams; owned from here on.</param>
    /// <param name="spec">What runs.</param>
    /// <param name="startError">Why it could not be started; null: it was.</param>
    public ContainerProgram(DockerEngine engine, string container, MultiplexedStream attached, ProcessSpec spec, string? startError)
    {
        (_engine, _container, _attached, _spec) = (engine, container, attached, spec);
        StandardInput = new InputStream(attached);
        _running = startError is null ? Task.Run(RunAsync) : Task.FromResult(new ProcessExit { ExitCode = 127, StartError = startError });
    }

    public Stream StandardInput { get; }

    /// <summary>Whether it has not ended.</summary>
    public bool IsRunning => !_running.IsCompleted;

    public Task<ProcessExit> WaitAsync(CancellationToken cancellationToken) => _running.WaitAsync(cancellationToken);

    public async Task StopAsync(StopMode mode, CancellationToken cancellationToken)
    {
        if (_running.IsCompleted)
        {
            return;
        }

        if (mode == StopMode.KillTree)
        {
            await _killed.CancelAsync(); // a receiver that hangs must not keep its end from being seen
        }

        await _engine.AskAsync(
            "stop a container",
            async (client, token) =>
            {
                try
                {
                    string signal = mode == StopMode.KillTree ? "SIGKILL" : "SIGTERM";
                    await client.Containers.KillContainerAsync(_container, new ContainerKillParameters { Signal = signal }, token);
                }
                catch (DockerApiException ended) when (ended.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
                {
                }
            },
            cancellationToken);
    }

    /// <summary>Kills it, and waits a while for its end: the engine may be away.</summary>
    public async Task EndAsync()
    {
        try
        {
            await StopAsync(StopMode.KillTree, CancellationToken.None);
            await _running.WaitAsync(EndTimeout);
        }
        catch (Exception away) when (away is RunnerException or TimeoutException)
        {
            // Its container is removed when the engine is there again.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _attached.Dispose();
        _killed.Dispose();
    }

    private async Task<ProcessExit> RunAsync()
    {
        try
        {
            await PassOutputOnAsync();
            long code = (await _engine.Client.Containers.WaitContainerAsync(_container)).StatusCode;
            State state = (await _engine.Client.Containers.InspectContainerAsync(_container)).State!;
            int? signal = code is > 128 and < 128 + 32 ? (int)code - 128 : null;
            return new ProcessExit
            {
                ExitCode = (int)code,
                // The engine gives a signal only as an exit code, as a shell does.
                Signal = signal,
                OomKilled = state.OOMKilled,
                // Nor does it say who killed: what nobody else did, after that long, the limit did.
                CpuTimeExceeded = signal == SigKill && !state.OOMKilled && !_killed.IsCancellationRequested
                    && Stopwatch.GetElapsedTime(_started).TotalSeconds >= _spec.Limits.CpuTime,
            };
        }
        catch (Exception failed) when (EngineFailure.Translate(failed, _engine.Endpoint, "run a container") is RunnerException told)
        {
            throw told;
        }
    }

    private async Task PassOutputOnAsync()
    {
        byte[] buffer = new byte[1 << 16];
        while (true)
        {
            MultiplexedStream.ReadResult read = await _attached.ReadOutputAsync(buffer, 0, buffer.Length, CancellationToken.None);
            if (read.EOF)
            {
                return;
            }

            // An image may have no shell that could make one stream of the two: they are put together in the order in which the engine had them.
            OutputStream stream = read.Target == MultiplexedStream.TargetStream.StandardError && !_spec.MergeOutput ? OutputStream.Stderr : OutputStream.Stdout;
            try
            {
                await _spec.Output(stream, buffer.AsMemory(0, read.Count), _killed.Token);
            }
            catch (OperationCanceledException) when (_killed.IsCancellationRequested)
            {
                // What it still prints has nobody to go to.
            }
        }
    }

    /// <summary>Writes after the end are dropped.</summary>
    private sealed class InputStream(MultiplexedStream attached) : Stream
    {
        private bool _closed;

        public override bool CanRead => false;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                await attached.WriteAsync(buffer.ToArray(), 0, buffer.Length, cancellationToken);
            }
            catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException)
            {
                _closed = true;
            }
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (!_closed)
            {
                _closed = true;
                try
                {
                    attached.CloseWrite();
                }
                catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException)
                {
                    // It has ended.
                }
            }

            base.Dispose(disposing);
        }
    }
}
