using KenkoPortal.Claims;
using KenkoPortal.Demo;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.Demo;

/// <summary>The claims of the demo society's list for the twelve months until April 2026, written once for all tests.</summary>
internal sealed class DemoFolder
{
    private static readonly Lazy<DemoFolder> Written = new(() => new DemoFolder(Directory.CreateTempSubdirectory("kenko-demo-").FullName));

    private DemoFolder(string path)
    {
        Path = path;
        Deliveries = [.. DemoDeliveries.Write(path, Options())];
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(path, recursive: true);
    }

    public static DemoFolder Instance => Written.Value;

    public static string List { get; } = System.IO.Path.Combine(Repository.Root, "demo", "members.csv");

    public string Path { get; }

    public IReadOnlyList<DemoDelivery> Deliveries { get; }

    public IReadOnlyList<string> Files => ClaimDelivery.Find(Path).Claims;

    public static DemoOptions Options(int months = 12, int seed = 1) => new()
    {
        People = () => DemoPeople.Read(List), Until = new DemoMonth(2026, 4), Months = months, Drugs = DemoDrugs.Own(), Seed = seed,
    };

    /// <summary>Every claim as the reader has it, and what the reader complains of.</summary>
    public static List<DeliveredClaim> Read(string file, ICollection<string> faults)
    {
        using var stream = File.OpenRead(file);
        return [.. ClaimFile.Read(stream, fault => faults.Add(fault.Render(file)))];
    }
}
