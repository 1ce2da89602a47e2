using Executor.Tasks;

namespace Executor.Runtimes;

/// <summary>Lays a configuration's <c>runtimes</c> over the built-in ones and collects what is wrong with it.</summary>
internal sealed class RuntimeMerge(IReadOnlyList<RuntimeDefinition> builtIn)
{
    private readonly Dictionary<string, RuntimeDefinition> _runtimes = builtIn.ToDictionary(runtime => runtime.Name, StringComparer.OrdinalIgnoreCase);
    private readonly List<ValidationFault> _faults = [];

    public void Apply(string name, RuntimeOverride change)
    {
        if (change.Enabled == false)
        {
            if (!_runtimes.Remove(name))
            {
                Fault(name, "enabled", $"there is no runtime '{name}' to leave out; there are: {BuiltInNames}");
            }

            return;
        }

        if (Base(name, change) is RuntimeDefinition start)
        {
            _runtimes[name] = Change(start, change);
            Check(name, _runtimes[name]);
        }
    }

    public IReadOnlyList<ValidationFault> Finish(out IReadOnlyCollection<RuntimeDefinition> runtimes)
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var extensions = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (RuntimeDefinition runtime in _runtimes.Values)
        {
            names[runtime.Name] = runtime.Name;
        }

        foreach (RuntimeDefinition runtime in _runtimes.Values)
        {
            Claim(runtime, "aliases", runtime.Aliases, names);
            Claim(runtime, "extensions", runtime.Extensions, extensions);
        }

        runtimes = _runtimes.Values;
        return _faults;
    }

    private string BuiltInNames => string.Join(", ", builtIn.Select(runtime => runtime.Name).Order(StringComparer.Ordinal));

    private RuntimeDefinition? Base(string name, RuntimeOverride change)
    {
        RuntimeDefinition? own = _runtimes.GetValueOrDefault(name);
        if (change.Like is string like)
        {
            RuntimeDefinition? model = builtIn.FirstOrDefault(runtime => string.Equals(runtime.Name, like, StringComparison.OrdinalIgnoreCase));
            if (model is null || own is not null)
            {
                Fault(name, "like", model is null
                    ? $"there is no built-in runtime '{like}'; there are: {BuiltInNames}"
                    : $"'{name}' is built in and starts from itself; remove 'like' or choose another name");
                return null;
            }

            return model with { Name = name, Family = model.Family, Aliases = [], Extensions = [] };
        }

        if (own is not null)
        {
            return own;
        }

        if (change.Run is null || change.Interpreter is null)
        {
            Fault(name, change.Run is null ? "run" : "interpreter",
                $"a new runtime needs 'interpreter' and 'run', or 'like' with one of: {BuiltInNames}");
            return null;
        }

        return new RuntimeDefinition
        {
            Name = name,
            SourceFile = "main" + (change.Extensions is [string first, ..] ? first : ""),
            Interpreter = change.Interpreter,
            Run = change.Run,
            InstallHint = $"install it, or set runtimes.{name}.interpreter to its path",
        };
    }

    private static RuntimeDefinition Change(RuntimeDefinition start, RuntimeOverride change) => start with
    {
        Aliases = change.Aliases ?? start.Aliases,
        Extensions = change.Extensions ?? start.Extensions,
        SourceFile = change.SourceFile ?? start.SourceFile,
        Interpreter = change.Interpreter ?? start.Interpreter,
        Compile = change.Compile is { Count: 0 } ? null : change.Compile ?? start.Compile,
        Run = change.Run ?? start.Run,
        Flags = change.Flags ?? start.Flags,
        Env = change.Env is null ? start.Env : new Dictionary<string, string>([.. start.Env.Where(pair => !change.Env.ContainsKey(pair.Key)), .. change.Env]),
        Limits = change.Limits?.Or(start.Limits) ?? start.Limits,
        CompileLimits = change.CompileLimits?.Or(start.CompileLimits) ?? start.CompileLimits,
        CompileTimeout = change.CompileTimeout ?? start.CompileTimeout,
        Warm = change.Warm ?? start.Warm,
        ReadOnlyPaths = change.ReadOnlyPaths ?? start.ReadOnlyPaths,
        VersionArgs = change.VersionArgs ?? start.VersionArgs,
        InstallHint = change.InstallHint ?? start.InstallHint,
    };

    private void Check(string name, RuntimeDefinition runtime)
    {
        if (name.Length == 0 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || "_-+#.".Contains(letter)))
        {
            _faults.Add(new ValidationFault("runtimes", $"'{name}' is no runtime name; use letters, digits and _ - + # ."));
        }

        if (runtime.Interpreter.Count == 0)
        {
            Fault(name, "interpreter", "must name at least one program");
        }

        if (runtime.Run.Count == 0)
        {
            Fault(name, "run", "must have at least the program, for example [\"{interpreter}\", \"{source}\", \"{args}\"]");
        }

        if (runtime.SourceFile.Length == 0 || runtime.SourceFile.Contains('/'))
        {
            Fault(name, "source_file", "must be a plain file name, for example main.py");
        }

        if (runtime.CompileTimeout <= TimeSpan.Zero)
        {
            Fault(name, "compile_timeout", "must be over 0 seconds");
        }

        foreach (string extension in runtime.Extensions.Where(extension => extension.Length < 2 || Path.GetExtension(extension) != extension))
        {
            Fault(name, "extensions", $"'{extension}' is no extension; write it with its dot, for example .py");
        }

        foreach (string path in runtime.ReadOnlyPaths.Where(path => !Path.IsPathRooted(path)))
        {
            Fault(name, "read_only_paths", $"'{path}' must be an absolute path");
        }
    }

    private void Claim(RuntimeDefinition runtime, string field, IReadOnlyList<string> words, Dictionary<string, string> owners)
    {
        foreach (string word in words)
        {
            if (!owners.TryAdd(word, runtime.Name))
            {
                Fault(runtime.Name, field, $"'{word}' already means {owners[word]}");
            }
        }
    }

    private void Fault(string name, string field, string message) => _faults.Add(new ValidationFault($"runtimes.{name}.{field}", message));
}
