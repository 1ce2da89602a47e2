using System.Collections.Concurrent;
using Executor.Executors;
using Executor.Runners.Ssh.KnownHosts;
using Executor.Runners.Ssh.Options;
using Executor.Tasks;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Executor.Runners.Ssh.Connection;

/// <summary>A connection to a host: many channels, one of which keeps our folder there. When it is lost, so is every channel.</summary>
internal sealed class SshConnection : IAsyncDisposable
{
    /// <summary>A stock sshd's <c>MaxSessions</c>.</summary>
    private const int StockChannels = 10;

    private readonly SshCodeExecutorOptions _options;
    private readonly SshClient _client;
    private readonly ConcurrentDictionary<RemoteCommand, bool> _commands = new();
    private readonly CancellationTokenSource _disposing = new();
    private readonly Task _watching;
    private int _channels = 1;
    private int _room = StockChannels;
    private volatile bool _isLost;
    private string _how = "the host closed it";

    private SshConnection(SshCodeExecutorOptions options, SshClient client, HostFolder folder, TimeProvider time)
    {
        (_options, _client, Folder) = (options, client, folder);
        client.ErrorOccurred += (_, error) =>
        {
            // Told before the channels end: who meets such an end finds out why.
            _how = error.Exception.Message;
            _isLost = true;
        };
        _watching = WatchAsync(time);
    }

    /// <summary>Told each time the connection is found alive.</summary>
    public event Action? Alive;

    /// <summary>Our folder there.</summary>
    public HostFolder Folder { get; }

    /// <summary>Whether it can be used no more.</summary>
    public bool IsLost => _isLost || Folder.Lost.IsCompleted;

    /// <summary>How it was lost; null while it is there.</summary>
    public RunnerException? Failure => IsLost ? SshFault.Lost(_options, _how) : null;

    /// <summary>Between two looks at whether a connection is alive; one that doesn't answer within as long is lost.</summary>
    public static TimeSpan KeepAlive { get; } = TimeSpan.FromSeconds(15);

    /// <summary>How long nothing may be heard from us before what we left on a host takes us for gone, and goes itself.</summary>
    public static TimeSpan Silence { get; } = KeepAlive * 4;

    /// <summary>Connects, checks the host's key, logs in and makes the folder.</summary>
    /// <exception cref="RefusedException">The host or we refuse: a new attempt would end in the same way.</exception>
    /// <exception cref="RunnerException">It failed in another way; the message says which setting to look at.</exception>
    public static async Task<SshConnection> OpenAsync(SshCodeExecutorOptions options, Action<string> warn, TimeProvider time, CancellationToken cancellationToken)
    {
        HostKeyCheck keys;
        try
        {
            keys = new HostKeyCheck(options);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException(SshFault.Create(options, $"known_hosts can't be read: {failed.Message.TrimEnd('.')}. Check {SshFault.Setting(options, "known_hosts_file")}", failed));
        }

        ConnectionInfo login;
        try
        {
            login = SshLogin.Create(options, keys.KnownTypes);
        }
        catch (RunnerException unusable)
        {
            throw new RefusedException(unusable);
        }

        var client = new SshClient(login);
        bool introduced = false;
        client.ServerIdentificationReceived += (_, _) => introduced = true;
        client.HostKeyReceived += (_, host) => host.CanTrust = keys.Accepts(host.HostKey);
        try
        {
            // Much of it is computing and waiting on handles, whatever the method's name says.
            await Task.Run(() => client.ConnectAsync(cancellationToken), cancellationToken);
            HostFolder folder = await HostFolder.MakeAsync(client, options, cancellationToken);
            if (keys.Warning is { } warning)
            {
                warn(warning);
            }

            return new SshConnection(options, client, folder, time);
        }
        catch (Exception failed)
        {
            client.Dispose();
            if (failed is RunnerException or OperationCanceledException)
            {
                throw;
            }

            if (keys.Refusal is { } refusal)
            {
                throw new RefusedException(SshFault.Create(options, refusal, failed));
            }

            (RunnerException exception, bool isRefusal) = SshFault.OfConnect(options, failed, introduced);
            throw isRefusal ? new RefusedException(exception) : exception;
        }
    }

    /// <summary>Reserves a channel; false when there is no room for one, or the connection is lost.</summary>
    public bool TryReserve()
    {
        while (!IsLost)
        {
            int used = Volatile.Read(ref _channels);
            if (used >= Volatile.Read(ref _room))
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _channels, used + 1, used) == used)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Gives a reserved channel back.</summary>
    public void Release() => Interlocked.Decrement(ref _channels);

    /// <summary>Starts a command on a reserved channel, which is given back when this fails.</summary>
    /// <returns>Null when the server gives no further channel: another connection is needed.</returns>
    /// <exception cref="RunnerException">The connection was lost, or the server gives none at all.</exception>
    public async Task<RemoteCommand?> StartAsync(string commandLine, CancellationToken cancellationToken)
    {
        try
        {
            RemoteCommand command = await Task.Run(() => RemoteCommand.Start(_client, commandLine), cancellationToken);
            _commands[command] = true;
            _ = command.Ended.ContinueWith(ended => _commands.TryRemove(command, out _), TaskScheduler.Default);
            if (IsLost)
            {
                command.Abandon(); // closed meanwhile, perhaps without knowing of it
            }

            return command;
        }
        catch (Exception failed)
        {
            Release();
            if (!SshFault.IsOfConnection(failed))
            {
                throw;
            }

            if (failed is not (SshConnectionException or SshOperationTimeoutException) && !IsLost && failed is SshException)
            {
                // This server allows fewer than a stock one.
                int used = Volatile.Read(ref _channels);
                Volatile.Write(ref _room, used);
                return used > 1 ? null : throw SshFault.Create(
                    _options, "its sshd gives a connection a single session, and two are needed. Raise MaxSessions in its sshd_config", failed);
            }

            throw Failure ?? SshFault.Lost(_options, failed.Message);
        }
    }

    /// <summary>Ends what runs over it, and removes the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await _disposing.CancelAsync();
        await _watching;
        await Folder.DisposeAsync();
        await Task.Run(Close);
        _disposing.Dispose();
    }

    /// <summary>Whoever waits for something over it meets its end.</summary>
    private void Close()
    {
        _client.Dispose();
        Folder.Abandon();
        foreach (RemoteCommand command in _commands.Keys)
        {
            command.Abandon();
        }
    }

    private async Task WatchAsync(TimeProvider time)
    {
        CancellationToken stop = _disposing.Token;
        try
        {
            while (true)
            {
                await Task.Delay(KeepAlive, time, stop);
                await Folder.PingAsync().WaitAsync(KeepAlive, time, stop);
                Alive?.Invoke();
            }
        }
        catch (TimeoutException)
        {
            _how = $"it did not answer for {KeepAlive.TotalSeconds:0} s";
            _isLost = true;
            await Task.Run(Close, CancellationToken.None);
        }
        catch (IOException)
        {
            // Lost; everyone knows.
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // No longer needed.
        }
    }
}
