namespace KenkoPortal.Tests.Fuzzing;

/// <summary>An input that was not withstood.</summary>
/// <param name="Round">The round in which it was made; with the seed it is made again.</param>
/// <param name="What">What went wrong.</param>
/// <param name="Input">The input's bytes in base64, as a line of Fuzzing/Corpus.</param>
public sealed record FuzzFinding(long Round, string What, string Input);

/// <summary>What a fuzzer tried and what came of it.</summary>
/// <param name="Name">Of the fuzzer.</param>
/// <param name="Seed">With the number of rounds it tells every input.</param>
/// <param name="Tried">Inputs.</param>
/// <param name="Crashed">Inputs that ended in an unhandled exception, an answer of 500, a log line of level Error, or no reply where the protocol owes one.</param>
/// <param name="HalfWritten">Times that the database held a part of a write, or other rows than were acknowledged.</param>
/// <param name="Accepted">Inputs that went all the way: a fuzzer whose inputs are all refused at once tries nothing.</param>
/// <param name="Findings">The first of those that crashed or were half written.</param>
public sealed record FuzzReport(string Name, ulong Seed, long Tried, long Crashed, long HalfWritten, long Accepted, IReadOnlyList<FuzzFinding> Findings)
{
    public bool IsClean => Crashed == 0 && HalfWritten == 0;

    public override string ToString() => $"{Name}: {Tried} tried, {Crashed} crashed, {HalfWritten} half written, {Accepted} accepted (seed {Seed})"
        + string.Concat(Findings.Select(f => $"\n  round {f.Round}: {f.What}\n    {f.Input}"));
}

/// <summary>Counts while a fuzzer runs; safe for several threads.</summary>
internal sealed class FuzzCount(string name, ulong seed, Action<long>? progress)
{
    private const int MostFindings = 20;
    private readonly Lock _sync = new();
    private readonly List<FuzzFinding> _findings = [];
    private long _tried;
    private long _crashed;
    private long _halfWritten;
    private long _accepted;

    public void Tried()
    {
        var tried = Interlocked.Increment(ref _tried);
        if (tried % 256 == 0)
        {
            progress?.Invoke(tried);
        }
    }

    public void Accepted(long count = 1) => Interlocked.Add(ref _accepted, count);

    public void Crashed(long round, string what, byte[] input)
    {
        Interlocked.Increment(ref _crashed);
        Keep(new FuzzFinding(round, what, Convert.ToBase64String(input)));
    }

    public void HalfWritten(long round, string what, byte[] input)
    {
        Interlocked.Increment(ref _halfWritten);
        Keep(new FuzzFinding(round, "half written: " + what, Convert.ToBase64String(input)));
    }

    public FuzzReport Report()
    {
        progress?.Invoke(_tried);
        return new FuzzReport(name, seed, _tried, _crashed, _halfWritten, _accepted, [.. _findings]);
    }

    private void Keep(FuzzFinding finding)
    {
        lock (_sync)
        {
            if (_findings.Count < MostFindings)
            {
                _findings.Add(finding);
            }
        }
    }
}
