using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Executor.Executors;
using Executor.Runners.Agent;
using Executor.Runners.Ssh.Options;
using Executor.Runners.Ssh.Remote;
using Executor.Tasks;
using Executor.Wire;
using Renci.SshNet;

namespace Executor.Runners.Ssh.Connection;

/// <summary>
/// Our folder on a host, and whoever keeps it there (<c>keeper.py</c>): it lasts as long as the connection, however that ends.
/// The keeper also answers questions about the host, and shows by answering that the connection is alive.
/// </summary>
internal sealed class HostFolder : IAsyncDisposable
{
    private readonly RemoteCommand _command;
    private readonly ConcurrentQueue<TaskCompletionSource<JsonElement>> _asked = new();
    private readonly Lock _asking = new();
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _chatter;
    private volatile bool _ended;

    private HostFolder(RemoteCommand command) => _command = command;

    /// <summary>Its absolute path.</summary>
    public string Path { get; private set; } = "";

    /// <summary>The Python that keeps it: one that can also run agents.</summary>
    public string Python { get; private set; } = "";

    /// <summary>That Python's version.</summary>
    public string PythonVersion { get; private set; } = "";

    /// <summary>Completes when the keeper is gone, mostly because the connection is.</summary>
    public Task Lost => _lost.Task;

    /// <summary>The Pythons that may keep it, the first there is.</summary>
    public static string[] Pythons(SshCodeExecutorOptions options) => options.CodeExecutorPath is { } given ? ["python3", given] : ["python3"];

    /// <summary>Makes the folder and puts the agent into it.</summary>
    /// <exception cref="RunnerException">It can't be made; the message says which setting to look at.</exception>
    public static async Task<HostFolder> MakeAsync(SshClient client, SshCodeExecutorOptions options, CancellationToken cancellationToken)
    {
        string[] pythons = Pythons(options);
        string line = RemoteSource.CommandLine(pythons);
        HostFolder? folder = null;
        try
        {
            RemoteCommand command = await Task.Run(() => RemoteCommand.Start(client, line), cancellationToken);
            folder = new HostFolder(command);
            new Thread(folder.ReadLoop) { IsBackground = true, Name = "ssh-keeper" }.Start();
            JsonElement said = await folder.SendAsync(Introduction(options)).WaitAsync(SshLogin.Timeout, cancellationToken);
            if (said.TryGetProperty("problem", out JsonElement problem))
            {
                throw SshFault.Create(options, $"{problem.GetString()}. Check {SshFault.Setting(options, said.GetProperty("setting").GetString()!)}");
            }

            folder.Path = said.GetProperty("folder").GetString()!;
            folder.Python = said.GetProperty("python").GetString()!;
            folder.PythonVersion = said.GetProperty("version").GetString()!;
            return folder;
        }
        catch (IOException) when (folder is not null)
        {
            string printed = await folder.DiagnoseAsync();
            await folder.DisposeAsync();
            throw SshFault.Create(options, folder._chatter
                ? $"its shell prints text before it runs a command. Make the start-up files of {options.Username} there silent for commands (.bashrc and the like)"
                : folder._command.ExitCode == 127
                ? $"there is no {string.Join(" and no ", pythons)} for {options.Username}. Install Python 3.8 or newer there (apt-get install -y python3), or set {SshFault.Setting(options, "code_executor_path")} to one"
                : $"its shell can't run commands{(printed.Length == 0 ? "" : $"; it said: {printed}")}. Check that {options.Username} may log in and run python3 there");
        }
        catch
        {
            if (folder is not null)
            {
                await folder.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>Where the keeper finds an interpreter of the host's.</summary>
    /// <returns><c>path</c> and <c>folders</c>, or <c>problem</c>.</returns>
    /// <exception cref="IOException">The connection was lost.</exception>
    public Task<JsonElement> FindAsync(IEnumerable<string> names, string family) => SendAsync(Message("find", json =>
    {
        json.WriteStrings("names", names);
        json.WriteString("family", family);
    }));

    /// <summary>An answer to nothing: the connection is alive.</summary>
    /// <exception cref="IOException">The connection was lost.</exception>
    public Task PingAsync() => SendAsync(Message("ping", _ => { }));

    /// <summary>Lets go of it, the connection being closed by us: it is removed by its keeper.</summary>
    public void Abandon() => _command.Abandon();

    /// <summary>Removes the folder; returns when it is gone, or the connection is.</summary>
    public ValueTask DisposeAsync() => _command.DisposeAsync();

    private Task<JsonElement> SendAsync(byte[] message)
    {
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_asking)
        {
            _asked.Enqueue(answer);
            try
            {
                _command.Input.Write(message);
            }
            catch (IOException)
            {
                // The reader meets the end and fails whoever waits.
            }
        }

        if (_ended)
        {
            FailAll();
        }

        return answer.Task;
    }

    private void ReadLoop()
    {
        using var reader = new StreamReader(_command.Output, Encoding.UTF8, leaveOpen: true);
        try
        {
            while (reader.ReadLine() is { } line)
            {
                JsonElement said = JsonElement.Parse(line);
                if (_asked.TryDequeue(out TaskCompletionSource<JsonElement>? answer))
                {
                    answer.TrySetResult(said);
                }
            }
        }
        catch (JsonException)
        {
            _chatter = true;
        }

        _ended = true;
        FailAll();
        _lost.TrySetResult();
    }

    private void FailAll()
    {
        while (_asked.TryDequeue(out TaskCompletionSource<JsonElement>? answer))
        {
            answer.TrySetException(new IOException("The connection was lost."));
            _ = answer.Task.Exception; // observed: the one who asked may have given up
        }
    }

    private async Task<string> DiagnoseAsync()
    {
        _command.CloseInput();
        await Task.WhenAny(_command.Ended, Task.Delay(SshLogin.Timeout));
        if (!_command.Ended.IsCompleted)
        {
            return "";
        }

        using var reader = new StreamReader(_command.Errors, Encoding.UTF8, leaveOpen: true);
        char[] text = new char[400];
        return new string(text, 0, await reader.ReadBlockAsync(text)).Trim();
    }

    private static byte[] Introduction(SshCodeExecutorOptions options)
    {
        string[] names = ["executor_agent.py", "bootstrap.py"];
        byte[][] files = [.. names.Select(name => File.ReadAllBytes(System.IO.Path.Combine(AgentSource.Folder, name)))];
        byte[] head = RemoteSource.Introduce(RemoteSource.Keeper, json =>
        {
            json.WriteString("work_dir", options.WorkDir);
            json.WriteNumber("silence_sec", (int)SshConnection.Silence.TotalSeconds);
            json.WriteStartObject("files");
            foreach ((string name, byte[] content) in names.Zip(files))
            {
                json.WriteNumber(name, content.Length);
            }

            json.WriteEndObject();
        });
        return [.. head, .. files.SelectMany(file => file)];
    }

    private static byte[] Message(string operation, Action<Utf8JsonWriter> fields) => RemoteSource.Line(json =>
    {
        json.WriteString("op", operation);
        fields(json);
    });
}
