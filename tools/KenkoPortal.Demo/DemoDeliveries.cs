
namespace KenkoPortal.Demo;

/// <summary>What is to be written.</summary>
public sealed record DemoOptions
{
    /// <summary>Everybody, anew for each month, so that nobody has to be kept in memory.</summary>
    public required Func<IEnumerable<DemoPerson>> People { get; init; }

    /// <summary>The newest month of treatment.</summary>
    public required DemoMonth Until { get; init; }

    /// <summary>Months of treatment, 1 or more.</summary>
    public required int Months { get; init; }

    public required DemoDrugs Drugs { get; init; }

    /// <summary>Another seed gives other illnesses.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>A delivery that was written.</summary>
/// <param name="Folder">Its folder, <c>…/請求年月/保険者番号</c>.</param>
/// <param name="Billed">請求年月.</param>
/// <param name="Claims">Claims in it.</param>
public sealed record DemoDelivery(string Folder, DemoMonth Billed, int Claims);

/// <summary>
/// Writes deliveries as a society receives them: <c>請求年月/保険者番号/0_COMMON001/11_RECODEINFO_MED.CSV</c> and its fellows, a folder for each month of billing. The
/// same options give the same bytes. A delivery holds the month of treatment before it, late claims of older months, and those that come again re-examined or
/// returned; nothing of months before the first.
/// </summary>
public static class DemoDeliveries
{
    private const int FirstFate = 10_000;

    /// <summary>Writes one delivery after the other, the oldest first, each when it is asked for.</summary>
    /// <param name="folder">Where; it is made where it is missing. Files that are there already are never overwritten.</param>
    /// <param name="options">Of whom and when.</param>
    /// <exception cref="IOException">A file is there already, or cannot be written.</exception>
    public static IEnumerable<DemoDelivery> Write(string folder, DemoOptions options)
    {
        var first = options.Until.Add(1 - options.Months);
        for (var month = first; month <= options.Until; month = month.Add(1))
        {
            yield return Write(folder, options, first, month);
        }
    }

    private static DemoDelivery Write(string folder, DemoOptions options, DemoMonth first, DemoMonth month)
    {
        var (plan, billed) = (new CarePlan(options.Drugs, options.Seed), month.Add(1));
        using var deliveries = new Deliveries(Path.Combine(folder, billed.ToString()), billed);
        foreach (var person in options.People())
        {
            if (Fate(person, month, options.Seed) is not (Fates.Late or Fates.VeryLate))
            {
                WriteAll(plan.Of(person, month));
            }

            for (var back = 1; back <= 3 && month.Add(-back) >= first; back++)
            {
                Follow(person, month.Add(-back), back);
            }

            void Follow(DemoPerson of, DemoMonth earlier, int back)
            {
                switch (Fate(of, earlier, options.Seed), back)
                {
                    case (Fates.Late, 1) or (Fates.VeryLate, 2):
                        WriteAll(plan.Of(of, earlier));
                        break;
                    case (Fates.Returned or Fates.ReturnedAndBilledAnew, 2):
                        Again(plan.Of(of, earlier), claim => claim.Remark = Remark.Returned);
                        break;
                    case (Fates.ReExamined, 3):
                        Again(plan.Of(of, earlier), claim =>
                        {
                            claim.Remark = Remark.ReExamined;
                            claim.Correction = claim.Correction == Correction.Delete ? Correction.Swap : Correction.Delete;
                        });
                        break;
                    case (Fates.ReturnedAndBilledAnew, 3):
                        Again(plan.Of(of, earlier), claim => claim.IsBilledAnew = true);
                        break;
                    default:
                        break;
                }
            }
        }

        return new DemoDelivery(Path.Combine(folder, billed.ToString()), billed, deliveries.Count);

        void WriteAll(List<Claim> claims)
        {
            foreach (var claim in claims)
            {
                deliveries.Write(claim);
            }
        }

        void Again(List<Claim> claims, Action<Claim> change)
        {
            if (claims is [var claim, ..] && claim.Summary == 0)
            {
                change(claim);
                deliveries.Write(claim);
            }
        }
    }

    /// <summary>What becomes of a person's claims of a month: known from the start, so that no later delivery has to remember.</summary>
    private static Fates Fate(DemoPerson person, DemoMonth month, int seed) => person.Household == 0 ? Fates.Usual
        : new Chance((ulong)seed, person.PersonKey, FirstFate + (month.Year * 12) + month.Number).Below(1000) switch
        {
            < 20 => Fates.Late,
            < 26 => Fates.VeryLate,
            < 34 => Fates.ReExamined,
            < 38 => Fates.Returned,
            < 41 => Fates.ReturnedAndBilledAnew,
            _ => Fates.Usual,
        };

    private enum Fates
    {
        Usual,

        /// <summary>A month later than the others.</summary>
        Late,

        VeryLate,

        ReExamined,

        Returned,

        ReturnedAndBilledAnew,
    }

    /// <summary>The folders of a month of billing, one an insurer.</summary>
    private sealed class Deliveries(string folder, DemoMonth billed) : IDisposable
    {
        private readonly Dictionary<string, (ClaimFiles Files, ClaimWriter Writer)> _insurers = new(StringComparer.Ordinal);

        public int Count => _insurers.Values.Sum(i => i.Files.Count);

        public void Write(Claim claim)
        {
            var number = claim.Person.InsurerNumber;
            if (!_insurers.TryGetValue(number, out var insurer))
            {
                var files = new ClaimFiles(Directory.CreateDirectory(Path.Combine(folder, number, "0_COMMON001")).FullName);
                _insurers.Add(number, insurer = (files, new ClaimWriter(files, billed)));
            }

            insurer.Writer.Write(claim);
        }

        public void Dispose()
        {
            foreach (var (files, _) in _insurers.Values)
            {
                files.Dispose();
            }
        }
    }
}
