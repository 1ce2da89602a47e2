using System.Globalization;
using Docker.DotNet.Models;
using Executor.Executors;
using Executor.Limits;
using Executor.Runners.Agent;
using Executor.Runners.Docker.Engine;
using Executor.Runners.Docker.Options;
using Executor.Runners.Workspaces;

namespace Executor.Runners.Docker.Containers;

/// <summary>How every container is made: what is closed, and what the code executor opens.</summary>
internal static class ContainerRecipe
{
    /// <summary>Who tasks are unless the code executor says otherwise: nobody.</summary>
    public const string DefaultUser = "65534:65534";

    /// <summary>Where a volume is seen, and the working directory in it.</summary>
    public const string Volume = "/work", VolumeFolder = "task";

    /// <summary>What the agent itself may use beside its task, in MiB.</summary>
    public const int AgentMemoryMb = 16;

    private const int InodesPerMb = 512;

    /// <summary>A container that nothing of the host's or of another task's can be reached from.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="image">The image's id.</param>
    /// <param name="executor">The code executor.</param>
    /// <param name="network">Whether it may use the network.</param>
    /// <param name="memoryMb">Memory in MiB, swap included.</param>
    /// <param name="pids">Processes and threads at once.</param>
    public static CreateContainerParameters Create(string name, string image, DockerCodeExecutorOptions executor, bool network, int memoryMb, int pids) => new()
    {
        Name = name,
        Image = image,
        User = executor.User ?? DefaultUser,
        Hostname = "executor",
        Labels = new Dictionary<string, string>(Ownership.Labels) { ["executor.code_executor"] = executor.Name },
        AttachStdin = true,
        AttachStdout = true,
        AttachStderr = true,
        OpenStdin = true,
        // When the connection breaks, because this process died or the engine, the program's input ends.
        StdinOnce = true,
        HostConfig = new HostConfig
        {
            ReadonlyRootfs = true,
            CapDrop = ["ALL"],
            SecurityOpt = ["no-new-privileges"],
            NetworkMode = network ? executor.Network ?? "default" : "none",
            IpcMode = "private",
            // What is printed goes to whoever is attached, and nowhere else.
            LogConfig = new LogConfig { Type = "none" },
            Memory = MegaBytes(memoryMb),
            MemorySwap = MegaBytes(memoryMb),
            PidsLimit = pids,
            NanoCPUs = (long)(executor.CpusLimitCores * 1e9),
            Ulimits = [new Ulimit { Name = "core", Soft = 0, Hard = 0 }],
            Binds = [.. executor.Mounts.Select(mount => $"{mount.Source}:{mount.Target}{(mount.ReadOnly ? ":ro" : "")}")],
            DeviceRequests = executor.Gpus == 0 ? null! : [new DeviceRequest { Count = executor.Gpus, Capabilities = [["gpu"]] }],
        },
    };

    /// <summary>The same with a working directory in memory and an agent as its only program.</summary>
    public static CreateContainerParameters CreateForAgent(string name, ContainerKey key, int memoryMb, int pids, string bootstrap)
    {
        CreateContainerParameters container = Create(name, key.ImageId, key.Executor, key.Network, memoryMb + AgentMemoryMb, pids + 1);
        container.Entrypoint = [key.Python, "-c", bootstrap];
        container.Env = [.. BaseEnvironment.Variables.Where(variable => variable.Key is not ("PATH" or "HOME")).Select(variable => $"{variable.Key}={variable.Value}"),
            $"HOME={AgentEnvironment.NoHome}", .. key.StartEnv.Split('\n', StringSplitOptions.RemoveEmptyEntries), "LD_BIND_NOW=1"];
        string disk = DiskOptions(container.User, key.DiskMb);
        HostConfig host = container.HostConfig!;
        host.Tmpfs = new Dictionary<string, string> { ["/work"] = disk, ["/tmp"] = disk };
        host.ShmSize = MegaBytes(key.DiskMb);
        // It ends with its connection, even if this process is killed: then it is gone as well.
        host.AutoRemove = true;
        return container;
    }

    /// <summary>The same with a program of the image as its only one, and a working directory on a volume, which can be filled before it starts.</summary>
    public static CreateContainerParameters CreateForProgram(
        string name, string image, DockerCodeExecutorOptions executor, string volume, ProcessSpec spec, IReadOnlyDictionary<string, string> env)
    {
        EffectiveLimits limits = spec.Limits;
        CreateContainerParameters container = Create(name, image, executor, limits.Network, limits.MemoryMb, limits.Pids);
        container.Entrypoint = [.. spec.Argv];
        container.Env = [.. env.Select(variable => $"{variable.Key}={variable.Value}")];
        container.WorkingDir = $"{Volume}/{VolumeFolder}";
        container.AttachStdin = container.OpenStdin = container.StdinOnce = spec.HasInput;
        HostConfig host = container.HostConfig!;
        host.Binds.Add($"{volume}:{Volume}:nocopy");
        host.Tmpfs = new Dictionary<string, string> { ["/tmp"] = DiskOptions(container.User, limits.DiskMb) };
        host.ShmSize = MegaBytes(limits.DiskMb);
        long seconds = long.Max(1, (long)double.Ceiling(limits.CpuTime));
        host.Ulimits =
        [
            .. host.Ulimits,
            new Ulimit { Name = "stack", Soft = MegaBytes(limits.StackMb), Hard = MegaBytes(limits.StackMb) },
            new Ulimit { Name = "cpu", Soft = seconds, Hard = seconds + 1 },
            new Ulimit { Name = "fsize", Soft = MegaBytes(limits.FileSizeMb), Hard = MegaBytes(limits.FileSizeMb) },
            new Ulimit { Name = "nofile", Soft = limits.OpenFiles, Hard = limits.OpenFiles },
        ];
        return container;
    }

    /// <summary>Limits set on a container that runs.</summary>
    public static ContainerUpdateParameters Update(EffectiveLimits limits) => new()
    {
        Memory = MegaBytes(limits.MemoryMb + AgentMemoryMb),
        MemorySwap = MegaBytes(limits.MemoryMb + AgentMemoryMb),
        PidsLimit = limits.Pids + 1,
    };

    /// <summary>The numbers of a user that is given as such; null: a name, which only the image knows.</summary>
    public static (int Uid, int Gid)? IdsOf(string user)
    {
        string[] ids = user.Split(':');
        return int.TryParse(ids[0], CultureInfo.InvariantCulture, out int uid)
            ? (uid, ids.Length > 1 && int.TryParse(ids[1], CultureInfo.InvariantCulture, out int gid) ? gid : 0)
            : null;
    }

    /// <summary>Where the image has the folder already the engine gives it that one's mode, but not its owner.</summary>
    private static string DiskOptions(string user, int diskMb)
    {
        string owner = IdsOf(user) is (int uid, int gid) ? string.Create(CultureInfo.InvariantCulture, $",uid={uid},gid={gid}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"rw,nosuid,nodev,exec,mode=1777{owner},size={diskMb}m,nr_inodes={64 + (diskMb * InodesPerMb)}");
    }

    private static long MegaBytes(int count) => (long)count << 20;
}
