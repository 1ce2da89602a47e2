namespace Executor.Runners.Probing;

/// <summary>Where a path leads through symbolic links.</summary>
/// <param name="Real">The path without any link.</param>
/// <param name="StaysInSystem">Whether every step of the way is inside <see cref="SystemFolders"/>, so that a sandbox can follow it.</param>
internal readonly record struct LinkTrail(string Real, bool StaysInSystem)
{
    private const int MostLinks = 40;

    public static LinkTrail Follow(string path)
    {
        bool stays = SystemFolders.Contains(path);
        string real = "";
        var rest = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        for (int links = 0; rest.TryPop(out string? part);)
        {
            if (part is "." or "..")
            {
                real = part == ".." ? Path.GetDirectoryName(real)?.TrimEnd('/') ?? "" : real;
                continue;
            }

            string step = $"{real}/{part}";
            string? target = links < MostLinks ? new FileInfo(step).LinkTarget : null;
            if (target is null)
            {
                real = step;
                continue;
            }

            links++;
            real = Path.IsPathRooted(target) ? "" : real;
            foreach (string piece in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            {
                rest.Push(piece);
            }

            stays &= SystemFolders.Contains(Path.GetFullPath(target, real.Length == 0 ? "/" : real));
        }

        return new LinkTrail(real, stays);
    }
}
