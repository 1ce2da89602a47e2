namespace Executor.Runners.Docker.Images;

/// <summary>An image's name in the parts that a pull asks for.</summary>
/// <param name="Repository">Registry and path (<c>registry:5000/team/python</c>).</param>
/// <param name="Tag">Tag or digest; <c>latest</c> where the name has neither.</param>
internal readonly record struct ImageName(string Repository, string Tag)
{
    /// <summary>Takes a name apart.</summary>
    public static ImageName Parse(string image)
    {
        int digest = image.IndexOf('@', StringComparison.Ordinal);
        if (digest > 0)
        {
            return new ImageName(image[..digest], image[(digest + 1)..]);
        }

        // A colon before the last slash is the registry's port.
        int colon = image.LastIndexOf(':');
        return colon > image.LastIndexOf('/') ? new ImageName(image[..colon], image[(colon + 1)..]) : new ImageName(image, "latest");
    }

    /// <summary>The registry that serves it, as Docker's own configuration names it.</summary>
    public string Registry
    {
        get
        {
            string first = Repository.Split('/')[0];
            bool isHost = Repository.Contains('/', StringComparison.Ordinal) && (first.AsSpan().IndexOfAny('.', ':') >= 0 || first == "localhost");
            return isHost ? first : "https://index.docker.io/v1/";
        }
    }
}
