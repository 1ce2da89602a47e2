using System.Diagnostics;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Executor.Testing;

/// <summary>Images made of this machine's own programs and what they need: no registry can be counted on.</summary>
public static class ImageTree
{
    private static readonly string[] Shell = ["sh", "bash", "env", "cat", "echo", "ls", "sleep", "setsid", "nohup", "printf", "true", "kill", "id", "mkdir", "touch", "head", "yes", "seq", "tee"];

    /// <summary>A tar archive with a shell, a Python, a C compiler, and a <c>node</c> that only prints its arguments.</summary>
    public static async Task<string> PythonAsync(string folder)
    {
        string python = Path.GetFileName(await OutputAsync("readlink", "-f", "/usr/bin/python3")).Trim();
        string gcc = (await OutputAsync("gcc", "-print-libgcc-file-name")).Trim();
        string compiler = Path.GetDirectoryName(gcc)!;
        string target = (await OutputAsync("gcc", "-dumpmachine")).Trim();
        string libraries = $"/usr/lib/{target}";
        List<string> programs = [.. Shell.Select(name => $"/usr/bin/{name}"), "/usr/bin/python3", $"/usr/bin/{python}", "/usr/bin/gcc", "/usr/bin/as", "/usr/bin/ld", $"{compiler}/cc1", $"{compiler}/collect2"];
        IEnumerable<string> headers = Directory.EnumerateFiles("/usr/include", "*.h")
            .Concat(["/usr/include/linux", "/usr/include/asm-generic", .. new[] { "bits", "sys", "gnu", "asm" }.Select(name => $"/usr/include/{target}/{name}")]);
        List<string> files =
        [
            .. programs, $"/usr/lib/{python}", .. headers, $"{compiler}/include", gcc, .. Directory.EnumerateFiles(compiler, "crt*.o"),
            .. new[] { "crt1.o", "crti.o", "crtn.o", "Scrt1.o", "libc.so", "libc_nonshared.a", "libm.so", "libmvec.so.1", "libpthread.a", "libgcc_s.so.1" }.Select(name => $"{libraries}/{name}"),
            $"{compiler}/libgcc_s.so", $"{compiler}/liblto_plugin.so", "/etc/passwd", "/etc/group", "/etc/ld.so.cache",
        ];
        IEnumerable<string> extensions = Directory.EnumerateFiles($"/usr/lib/{python}/lib-dynload");
        string archive = await ArchiveAsync(
            folder, "python.tar", [.. programs, .. extensions], files, "--exclude=*/test", "--exclude=*/__pycache__", "--exclude=*/idlelib", "--exclude=*/ensurepip", "--exclude=*/config-3*");
        string node = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "own", "usr", "local", "bin")).FullName, "node");
        await File.WriteAllTextAsync(node, "#!/bin/sh\nexec echo \"$@\"\n");
        await OutputAsync("chmod", "755", node);
        await OutputAsync("tar", "-C", Path.Combine(folder, "own"), "-rf", archive, "usr/local/bin/node");
        return archive;
    }

    /// <summary>A tar archive with a shell and nothing else.</summary>
    public static Task<string> ShellAsync(string folder)
    {
        string[] programs = [.. Shell.Select(name => $"/usr/bin/{name}")];
        return ArchiveAsync(folder, "shell.tar", programs, programs);
    }

    /// <summary>Gives an archive to an engine as an image.</summary>
    public static async Task ImportAsync(Uri endpoint, string name, string archive)
    {
        using DockerClient client = new DockerClientBuilder().WithEndpoint(endpoint).Build();
        await using FileStream content = File.OpenRead(archive);
        await client.Images.CreateImageAsync(
            new ImagesCreateParameters { FromSrc = "-", Repo = name.Split(':')[0], Tag = name.Split(':')[1] },
            content,
            null,
            new Progress<JSONMessage>());
        await client.Images.InspectImageAsync(name);
    }

    private static async Task<string> ArchiveAsync(string folder, string name, IReadOnlyList<string> programs, IReadOnlyList<string> files, params string[] options)
    {
        string path = Path.Combine(folder, name);
        List<string> all = [.. files];
        foreach (string line in (await OutputAsync("ldd", [.. programs])).Split('\n'))
        {
            string? library = line.Split(' ', '\t').FirstOrDefault(word => word.StartsWith("/lib", StringComparison.Ordinal) || word.StartsWith("/usr/lib", StringComparison.Ordinal));
            if (library is not null && !library.EndsWith(':'))
            {
                all.Add(library);
            }
        }

        // Where the system has merged them, /lib is a link to /usr/lib: the links are part of the tree, and what is behind them, too.
        List<string> links = [.. new[] { "/bin", "/sbin", "/lib", "/lib64" }.Where(folder => new DirectoryInfo(folder).LinkTarget is not null)];
        IEnumerable<string> real = all.SelectMany(LinksOf).Where(Path.Exists).Select(UnderUsr).Distinct();
        await OutputAsync("tar", ["-C", "/", "-cf", path, "--ignore-failed-read", "--no-wildcards-match-slash", .. options, .. links.Concat(real).Select(file => file[1..])]);
        return path;
    }

    private static string UnderUsr(string path)
    {
        string top = "/" + path.Split('/')[1];
        return top is "/bin" or "/sbin" or "/lib" or "/lib64" && new DirectoryInfo(top).LinkTarget is string target ? $"/{target.TrimStart('/')}{path[top.Length..]}" : path;
    }

    /// <summary>A file, and where each link on the way to its content leads.</summary>
    private static IEnumerable<string> LinksOf(string path)
    {
        for (FileSystemInfo? file = new FileInfo(path); file is not null; file = file.ResolveLinkTarget(returnFinalTarget: false))
        {
            yield return file.FullName;
        }
    }

    private static async Task<string> OutputAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        // ldd complains about scripts among the programs.
        return process.ExitCode == 0 || program == "ldd" ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {await errors}");
    }
}
