namespace KenkoPortal.Demo;

/// <summary>The files of one delivery, each made with its first claim.</summary>
internal sealed class ClaimFiles(string folder) : IDisposable
{
    private static readonly string[] Names = ["11_RECODEINFO_MED.CSV", "12_RECODEINFO_DPC.CSV", "13_RECODEINFO_DEN.CSV", "14_RECODEINFO_PHA.CSV", "15_RECODEINFO_NUR.CSV"];

    private readonly RecordWriter?[] _writers = new RecordWriter?[Names.Length];
    private readonly int[] _counts = new int[Names.Length];

    public int Count => _counts.Sum();

    /// <param name="kind">Which file.</param>
    /// <param name="number">The claim's number in it, from 1.</param>
    public RecordWriter For(ClaimKind kind, out int number)
    {
        number = ++_counts[(int)kind];
        return _writers[(int)kind] ??= new RecordWriter(new FileStream(Path.Combine(folder, Names[(int)kind]), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0));
    }

    public void Dispose()
    {
        for (var kind = 0; kind < _writers.Length; kind++)
        {
            // Some senders end their files as CP/M did.
            if (_writers[kind] is { } writer)
            {
                if (kind is (int)ClaimKind.Dental or (int)ClaimKind.Pharmacy)
                {
                    writer.EndOfFile();
                }

                writer.Dispose();
            }
        }
    }
}
