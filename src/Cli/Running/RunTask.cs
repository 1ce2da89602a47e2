using System.Globalization;
using System.Text;
using System.Text.Json;
using Executor.Clocks;
using Executor.Hosting;
using Executor.Limits;
using Executor.Tasks;

namespace Executor.Cli.Running;

/// <summary>Makes the task that a command line asks for; files are read here.</summary>
internal static class RunTask
{
    private const string DefaultLanguage = "python";

    /// <summary>The most a task may ask for: what is passed on at once needs no limit to protect anybody.</summary>
    private const int StreamedOutputKb = 1 << 20;

    /// <exception cref="UsageException">The command line contradicts itself, or names a file that can't be read.</exception>
    public static TaskSpec Build(RunRequest request)
    {
        TaskSpec task = new()
        {
            TaskId = string.Create(CultureInfo.InvariantCulture, $"run-{SteadyTime.System.GetUtcNow().Ticks:x}-{Environment.ProcessId}"),
            Language = request.Language,
            Callable = request.Callable,
            Params = ParseParams(request.Params),
            Args = request.ProgramArgs.Count > 0 ? request.ProgramArgs : null,
            Env = ParseEnv(request.Env),
            RuntimeEnv = request.Packages.Count > 0 ? new RuntimeEnv { Packages = request.Packages } : null,
            Artifacts = request.Artifacts.Count > 0 ? request.Artifacts : null,
            Runner = request.Runner,
            Executor = request.Executor,
            Timeout = request.Timeout,
            Limits = request.Json || request.IsRemote ? request.Limits : request.Limits with { OutputKb = request.Limits.OutputKb ?? StreamedOutputKb },
            UseSandbox = request.UseSandbox,
            MergeOutput = request.MergeOutput,
        };

        if (request.Artifacts.Count > 0 && request.ArtifactsDir is null && !request.Json)
        {
            throw new UsageException("--artifact needs --artifacts-dir, the folder to put the files in, or --json");
        }

        TaskFiles files = new();
        if (request.WorkingDir is string folder)
        {
            files.AddFolder(folder, request.Limits.DiskMb ?? TaskLimits.Default.DiskMb!.Value);
        }

        foreach (string file in request.Files)
        {
            files.Add(file);
        }

        return WithSource(task, request, files) with { Files = files.Count > 0 ? files.All : null };
    }

    private static TaskSpec WithSource(TaskSpec task, RunRequest request, TaskFiles files)
    {
        string[] given =
        [
            .. request.IsCommand ? ["--command"] : request.Words.Count > 0 ? ["FILE"] : Array.Empty<string>(),
            .. request.Code is null ? Array.Empty<string>() : ["--code"],
            .. request.Entrypoint is null ? Array.Empty<string>() : ["--entrypoint"],
        ];
        return given switch
        {
            ["--command"] => task with { Command = [.. request.Words, .. request.ProgramArgs], Args = null },
            ["--code"] => task with { Code = request.Code, Language = task.Language ?? DefaultLanguage },
            ["--entrypoint"] => task with { Entrypoint = request.Entrypoint, Language = task.Language ?? DefaultLanguage },
            ["FILE"] => WithFile(task, request, files),
            [] => throw new UsageException("nothing to run: name a FILE (- for standard input), or give --code, --entrypoint or --command -- PROGRAM"),
            _ => throw new UsageException($"{string.Join(" and ", given)} can't be combined; give exactly one of FILE, --code, --entrypoint and --command (arguments go after --)"),
        };
    }

    private static TaskSpec WithFile(TaskSpec task, RunRequest request, TaskFiles files)
    {
        IReadOnlyList<string> args = [.. request.Words.Skip(1), .. request.ProgramArgs];
        task = task with { Args = args.Count > 0 ? args : null };
        if (request.ReadsSourceFromInput)
        {
            return task with { Code = ReadSourceFromInput(), Language = task.Language ?? DefaultLanguage };
        }

        string script = files.AddScript(request.Words[0], folder: "", request.WorkingDir);
        return task with { Script = script, Name = Path.GetFileName(script) };
    }

    /// <summary>The source text on standard input.</summary>
    /// <exception cref="UsageException">It is no text.</exception>
    public static string ReadSourceFromInput()
    {
        using Stream input = StandardInput.Open();
        using MemoryStream source = new();
        input.CopyTo(source);
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true)
                .GetString(source.GetBuffer().AsSpan(0, (int)source.Length));
        }
        catch (DecoderFallbackException)
        {
            throw new UsageException("the source on standard input is not UTF-8 text; save it to a file and run that");
        }
    }

    /// <summary>A JSON object of the command line, or of the file that <c>@FILE</c> names; null: none was given.</summary>
    /// <exception cref="UsageException">It is no JSON.</exception>
    public static JsonElement? ParseParams(string? text)
    {
        if (text is null)
        {
            return null;
        }

        string json = text.StartsWith('@') ? Encoding.UTF8.GetString(TaskFiles.Read(text[1..])) : text;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw new UsageException($"params: must be a JSON object such as '{{\"x\": 1}}', or @FILE that holds one: {FirstSentence(exception.Message)}");
        }
    }

    private static string FirstSentence(string message) => message.Split(". ", 2)[0].TrimEnd('.');

    /// <summary>Variables as <c>K=V</c>, or <c>K</c> for one of ours; null: none were given.</summary>
    /// <exception cref="UsageException">One of ours is not there.</exception>
    public static Dictionary<string, string>? ParseEnv(IReadOnlyList<string> given)
    {
        if (given.Count == 0)
        {
            return null;
        }

        Dictionary<string, string> variables = [];
        foreach (string variable in given)
        {
            int equals = variable.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? variable : variable[..equals];
            variables[name] = equals >= 0
                ? variable[(equals + 1)..]
                : Environment.GetEnvironmentVariable(name)
                    ?? throw new UsageException($"--env {name}: there is no such variable to hand on; give --env {name}=VALUE");
        }

        return variables;
    }
}
