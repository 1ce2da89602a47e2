using Docker.DotNet.Models;

namespace Executor.Runners.Docker.Images;

/// <summary>How far a pull is.</summary>
/// <param name="Layer">The layer that this is about; null: the image as a whole.</param>
/// <param name="Status">What the engine does (<c>Downloading</c>).</param>
/// <param name="CurrentBytes">Bytes of the layer so far.</param>
/// <param name="TotalBytes">Bytes of the layer; null: not known (yet).</param>
/// <param name="Fraction">Of the whole image, from 0 to 1, by the bytes of the layers known of.</param>
internal sealed record PullProgress(string? Layer, string Status, long CurrentBytes, long? TotalBytes, double Fraction);

/// <summary>Makes <see cref="PullProgress"/> of the engine's messages. Calls don't overlap.</summary>
internal sealed class PullProgressMeter
{
    /// <summary>Of a layer's work, what downloading is; the rest is unpacking.</summary>
    private const double DownloadShare = 0.8;

    private readonly Dictionary<string, Layer> _layers = [];

    /// <summary>The message's progress.</summary>
    public PullProgress Read(JSONMessage message)
    {
        string status = message.Status ?? "";
        long current = message.Progress?.Current ?? 0;
        long? total = message.Progress?.Total is > 0 and long known ? known : null;
        // A message about the image itself bears its tag in the place of a layer.
        string? layer = string.IsNullOrEmpty(message.ID) || status.StartsWith("Pulling from", StringComparison.Ordinal) ? null : message.ID;
        if (layer is not null)
        {
            Layer before = _layers.GetValueOrDefault(layer);
            _layers[layer] = status switch
            {
                "Downloading" => before with { Size = total ?? before.Size, Done = DownloadShare * current / (total ?? long.Max(1, current)) },
                "Download complete" or "Verifying Checksum" => before with { Done = double.Max(before.Done, DownloadShare) },
                "Extracting" => before with { Done = DownloadShare + ((1 - DownloadShare) * current / (total ?? long.Max(1, current))) },
                "Pull complete" or "Already exists" => before with { Done = 1 },
                _ => before,
            };
        }

        double size = _layers.Values.Sum(known => known.Weight);
        return new PullProgress(layer, status, current, total, size == 0 ? 0 : _layers.Values.Sum(known => known.Weight * known.Done) / size);
    }

    private readonly record struct Layer(long Size, double Done)
    {
        /// <summary>One that there is nothing to download of counts little.</summary>
        public double Weight => long.Max(1, Size);
    }
}
