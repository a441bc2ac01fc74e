using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Common.Files;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Societies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.GenericDrugs.Import;

/// <summary>A file of a list: the name by which people know it, and what it holds.</summary>
public sealed record DrugListSource(string Name, Stream Content);

/// <summary>What came of an import.</summary>
public enum DrugListVerdict
{
    /// <summary>A new edition holds.</summary>
    Added,

    /// <summary>It took the place of the edition of the same day.</summary>
    Replaced,

    /// <summary>The edition of that day has the very same rows.</summary>
    Unchanged,

    /// <summary>The lists have errors; nothing was written.</summary>
    HasErrors,
}

/// <summary>What an import did, in counts.</summary>
public sealed record DrugListOutcome(DrugListVerdict Verdict)
{
    /// <summary>What is wrong, by the file's name.</summary>
    public IReadOnlyList<(string File, RowError Error)> Errors { get; init; } = [];

    public int ErrorCount { get; init; }

    public int Priced { get; init; }

    public int Mastered { get; init; }

    /// <summary>Rows of the master without 薬価基準コード.</summary>
    public int MasterPassedOver { get; init; }

    /// <summary>No master was given: its rows are those of the edition that began on this day.</summary>
    public DateOnly? MasterKeptFrom { get; init; }

    /// <summary>Priced products that the availability list does not have: they count as neither brand nor generic.</summary>
    public int WithoutAvailability { get; init; }

    /// <summary>Products of the availability list without a price: they are left out.</summary>
    public int WithoutPrice { get; init; }

    /// <summary>Rows of the master whose product has no price.</summary>
    public int MasterWithoutPrice { get; init; }

    /// <summary>Products of the edition before this, to compare with: a list that was cut short has fewer.</summary>
    public int? PricedBefore { get; init; }
}

/// <summary>
/// Brings an edition of the public drug lists in, for every society: read outside of any transaction, written in one, all or nothing. Run it in a
/// scope without a society; each society gets its event.
/// </summary>
public sealed class DrugListImport(PortalContext db, UnitOfWork work, SocietyDirectory societies, SocietyScopes scopes, TimeProvider clock)
{
    private const int RowsAtOnce = 2000;

    /// <param name="prices">The 薬価基準収載品目リスト; the ministry's Excel files are one for each 区分.</param>
    /// <param name="availability">各先発医薬品の後発医薬品の有無に関する情報.</param>
    /// <param name="master">The 医薬品マスター; null keeps the rows of the edition before.</param>
    /// <param name="from">From when they hold.</param>
    /// <param name="actor">Who does it, for the events.</param>
    /// <param name="cancellationToken">Ends it with nothing written.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public async Task<DrugListOutcome> ImportAsync(
        IReadOnlyList<DrugListSource> prices,
        DrugListSource availability,
        DrugListSource? master,
        DateOnly from,
        Action<CurrentActor> actor,
        CancellationToken cancellationToken)
    {
        var errors = new List<(string, RowError)>();
        var count = 0;
        var priced = new List<PriceRow>();
        foreach (var source in prices)
        {
            priced.AddRange(Read(source, DrugListReader.ReadPrices).Rows);
        }

        var flags = Read(availability, DrugListReader.ReadAvailability).Rows;
        var masterFile = master is null ? null : Read(master, DrugListReader.ReadMaster);
        if (count == 0)
        {
            // One file tells its own; the ministry's lists are several.
            foreach (var twice in priced.GroupBy(p => p.Code, StringComparer.Ordinal).Where(g => g.Skip(1).Any()))
            {
                count++;
                errors.Add((prices[^1].Name, new RowError(twice.Last().Line, 1, DrugListText.WholeRow, DrugListText.Twice.With(twice.Key, twice.First().Line))));
            }
        }

        if (count > 0)
        {
            return new DrugListOutcome(DrugListVerdict.HasErrors) { Errors = errors, ErrorCount = count };
        }

        var flagOf = flags.ToDictionary(f => f.Code, f => f.Flag, StringComparer.Ordinal);
        var codes = priced.Select(p => p.Code).ToHashSet(StringComparer.Ordinal);
        var outcome = await work.CommitAsync(() => WriteAsync(priced, flagOf, masterFile?.Rows, from, cancellationToken), cancellationToken);
        outcome = outcome with
        {
            MasterPassedOver = masterFile?.PassedOver ?? 0,
            WithoutAvailability = priced.Count(p => !flagOf.ContainsKey(p.Code)),
            WithoutPrice = flags.Count(f => !codes.Contains(f.Code)),
            MasterWithoutPrice = masterFile?.Rows.Count(m => !codes.Contains(m.PriceCode)) ?? 0,
        };
        if (outcome.Verdict != DrugListVerdict.Unchanged)
        {
            await TellSocietiesAsync(outcome, from, actor, cancellationToken);
        }

        return outcome;

        DrugListFile<TRow> Read<TRow>(DrugListSource source, Func<Stream, CancellationToken, DrugListFile<TRow>> read)
        {
            var file = read(source.Content, cancellationToken);
            errors.AddRange(file.Errors.Select(e => (source.Name, e)));
            count += file.ErrorCount;
            return file;
        }
    }

    private async Task<DrugListOutcome> WriteAsync(
        List<PriceRow> priced, Dictionary<string, GenericFlag> flagOf, IReadOnlyList<MasterRow>? master, DateOnly from, CancellationToken cancellationToken)
    {
        await work.QueueUpAsync("druglists", cancellationToken);
        var same = await db.DrugEditions.AsNoTracking().SingleOrDefaultAsync(e => e.ValidFrom == from, cancellationToken);
        var before = await db.DrugEditions.AsNoTracking().Where(e => e.ValidFrom < from).OrderByDescending(e => e.ValidFrom).FirstOrDefaultAsync(cancellationToken);
        var (kept, keptFrom) = master is null ? await KeptMasterAsync(from, cancellationToken) : ([], null);
        var id = Guid.CreateVersion7();
        var products = priced.Select(p => new ListedDrug
        {
            EditionId = id,
            Code = p.Code,
            Ingredient = p.Ingredient,
            Specification = p.Specification,
            Name = p.Name,
            Price = p.Price,
            Flag = flagOf.GetValueOrDefault(p.Code),
            UsableUntil = p.UsableUntil,
        }).OrderBy(p => p.Code, StringComparer.Ordinal).ToList();
        var entries = (master ?? kept).Select(m => Entry(id, m)).OrderBy(m => m.Code, StringComparer.Ordinal).ToList();
        var outcome = new DrugListOutcome(DrugListVerdict.Added)
        {
            Priced = products.Count, Mastered = entries.Count, MasterKeptFrom = keptFrom, PricedBefore = (same ?? before)?.Priced,
        };
        var fingerprint = Fingerprint(products, entries);
        if (same?.Fingerprint == fingerprint)
        {
            return outcome with { Verdict = DrugListVerdict.Unchanged };
        }

        if (same is not null)
        {
            await db.ListedDrugs.Where(d => d.EditionId == same.Id).ExecuteDeleteAsync(cancellationToken);
            await db.MasterDrugs.Where(d => d.EditionId == same.Id).ExecuteDeleteAsync(cancellationToken);
            await db.DrugEditions.Where(e => e.Id == same.Id).ExecuteDeleteAsync(cancellationToken);
        }

        db.DrugEditions.Add(new DrugEdition
        {
            Id = id, ValidFrom = from, ImportedAt = clock.GetUtcNow(), Fingerprint = fingerprint, Priced = products.Count, Mastered = entries.Count,
        });
        await InsertAsync(products, cancellationToken);
        await InsertAsync(entries, cancellationToken);
        return outcome with { Verdict = same is null ? DrugListVerdict.Added : DrugListVerdict.Replaced };
    }

    /// <summary>The master of the edition of that day, or of the newest before it that has one.</summary>
    private async Task<(List<MasterRow> Rows, DateOnly? From)> KeptMasterAsync(DateOnly from, CancellationToken cancellationToken)
    {
        var edition = await db.DrugEditions.AsNoTracking().Where(e => e.ValidFrom <= from && e.Mastered > 0)
            .OrderByDescending(e => e.ValidFrom).FirstOrDefaultAsync(cancellationToken);
        return edition is null
            ? ([], null)
            : (await db.MasterDrugs.Where(m => m.EditionId == edition.Id)
                .Select(m => new MasterRow(0, m.Code, m.PriceCode, m.Name, m.Unit, m.Price, m.OriginalCode, m.IsAntiHiv)).ToListAsync(cancellationToken), edition.ValidFrom);
    }

    private async Task InsertAsync<TEntity>(List<TEntity> rows, CancellationToken cancellationToken)
        where TEntity : class
    {
        foreach (var part in rows.Chunk(RowsAtOnce))
        {
            db.AddRange(part);
            await db.SaveChangesAsync(cancellationToken);
            db.ChangeTracker.Clear();
        }
    }

    private static MasterDrug Entry(Guid id, MasterRow row) => new()
    {
        EditionId = id,
        Code = row.Code,
        PriceCode = row.PriceCode,
        Name = row.Name,
        Unit = row.Unit,
        Price = row.Price,
        OriginalCode = row.OriginalCode,
        IsAntiHiv = row.IsAntiHiv,
    };

    private static long Fingerprint(List<ListedDrug> products, List<MasterDrug> entries)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var p in products)
        {
            Append(string.Create(CultureInfo.InvariantCulture, $"{p.Code}\t{p.Ingredient}\t{p.Specification}\t{p.Name}\t{p.Price:0.####}\t{p.Flag}\t{p.UsableUntil:yyyyMMdd}\n"));
        }

        foreach (var m in entries)
        {
            Append(string.Create(CultureInfo.InvariantCulture, $"{m.Code}\t{m.PriceCode}\t{m.Name}\t{m.Unit}\t{m.Price:0.####}\t{m.OriginalCode}\t{m.IsAntiHiv}\n"));
        }

        return BinaryPrimitives.ReadInt64LittleEndian(hash.GetHashAndReset());

        void Append(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));
    }

    private async Task TellSocietiesAsync(DrugListOutcome outcome, DateOnly from, Action<CurrentActor> actor, CancellationToken cancellationToken)
    {
        foreach (var society in await societies.AllAsync(cancellationToken))
        {
            await using var scope = scopes.Open(society, actor);
            await scope.ServiceProvider.GetRequiredService<UnitOfWork>().CommitAsync(
                () =>
                {
                    scope.ServiceProvider.GetRequiredService<AuditTrail>().Add(
                        AuditKind.DrugListsImported,
                        society.Id,
                        string.Create(CultureInfo.InvariantCulture, $"from={from:yyyy-MM-dd} {outcome.Verdict} priced={outcome.Priced} mastered={outcome.Mastered}"));
                    return Task.CompletedTask;
                },
                cancellationToken);
        }
    }
}
