// Tests here count the processes and folders of the whole machine, and start servers that only Linux has.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
