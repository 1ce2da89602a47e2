using System.Net;

namespace Executor.Configuration;

/// <summary>This process as a node of a cluster: <c>cluster</c>.</summary>
public sealed record ClusterNodeOptions
{
    /// <summary>What must hold of <see cref="Queue"/>, in words.</summary>
    public const string QueueRule = "a lower-case letter, then lower-case letters, digits and _, at most 40 in all";

    private const int MaxQueueLength = 40;

    /// <summary>The cluster's name: nodes of one name on one database are one cluster. Default <c>executor</c>.</summary>
    public string Name { get; init; } = "executor";

    /// <summary>The queue that it takes tasks for and runs tasks of. A lower-case letter, then lower-case letters, digits and <c>_</c>, at most 40 in all. Default <c>default</c>.</summary>
    public string Queue { get; init; } = "default";

    /// <summary>The IP address at which the other nodes reach this one. Default 127.0.0.1.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Port for the other nodes. Range 1 to 65,535. Default 11111.</summary>
    public int SiloPort { get; init; } = 11_111;

    /// <summary>Port for .NET programs that use the cluster without HTTP. Range 1 to 65,535. Default 30000.</summary>
    public int GatewayPort { get; init; } = 30_000;

    /// <summary>Whether the pages about the cluster itself are served. Default false.</summary>
    public bool Dashboard { get; init; }

    /// <summary>Encrypts what nodes and programs say to each other, and lets in only who has a certificate; null: neither.</summary>
    public ClusterTlsOptions? Tls { get; init; }

    /// <summary>Whether the node may be reached by other machines without <see cref="Tls"/>: whoever reaches its ports may do everything. Default false.</summary>
    public bool TrustNetwork { get; init; }

    /// <summary>Whether a text can be the name of a queue.</summary>
    public static bool IsQueueName(string text) =>
        text.Length is > 0 and <= MaxQueueLength && char.IsAsciiLetterLower(text[0]) && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');
}

/// <summary>Mutual TLS within a cluster: <c>cluster.tls</c>. Whoever connects, and whoever is connected to, shows a certificate that one of the CAs has signed.</summary>
public sealed record ClusterTlsOptions
{
    /// <summary>Path of a PEM file: this node's certificate, followed by those of intermediate CAs.</summary>
    public required string Certificate { get; init; }

    /// <summary>Path of a PEM file: the certificate's private key, not encrypted.</summary>
    public required string Key { get; init; }

    /// <summary>Path of a PEM file: the certificates of the CAs whose signature lets a peer in. They should sign for this cluster only.</summary>
    public required string Ca { get; init; }
}
