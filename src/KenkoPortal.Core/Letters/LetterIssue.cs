using System.Security.Cryptography;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Printing;
using KenkoPortal.Core.Societies;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Letters;

/// <summary>For whom letters are made.</summary>
/// <param name="Household">One household's card (記号-番号), forced anew; null for everybody without an account and without valid credentials.</param>
/// <param name="PerPersonFromAge">A sheet of their own for people of this age and above; null for one letter a household.</param>
public sealed record LetterRequest(CardIdentity? Household = null, int? PerPersonFromAge = null)
{
    /// <summary>One person who has left, alone and to their last address.</summary>
    public Guid? Leaver { get; init; }

    /// <summary>One person who has an account and lost their way into it: 再設定のご案内.</summary>
    public Guid? Recovering { get; init; }

    /// <summary>Staff asked the protected people themselves where their letters shall go.</summary>
    public bool IsAddressConfirmed { get; init; }

    /// <summary>One letter to one person.</summary>
    internal Guid? Alone => Leaver ?? Recovering;
}

/// <summary>What was made.</summary>
/// <param name="Persons">People who got credentials.</param>
/// <param name="Report">Letters, pages and characters without a glyph; null when there was nobody to write to.</param>
/// <param name="KeptFile">Where an older file of the same name was moved to.</param>
public sealed record LetterOutcome(int Persons, RegistrationLetterReport? Report, string? KeptFile)
{
    /// <summary>Protected people who got none: their listed address is that of an adult whom they are protected from, or there is none.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];
}

/// <summary>
/// Makes provisional credentials and their letters. The plain secrets exist while the file is written; the rows are committed when the
/// file is complete, and only then does the file get its name.
/// </summary>
public sealed class LetterIssue(PortalContext db, UnitOfWork work, AuditTrail audit, SharedAddresses shared, PortalKeys keys, TimeProvider clock)
{
    private const int SerialCount = 10_000_000;
    private const int Batch = 500;

    /// <param name="request">For whom.</param>
    /// <param name="file">Where the PDF goes; readable by its owner only.</param>
    /// <param name="progress">Told the number of letters so far.</param>
    /// <param name="cancellationToken">Ends it; nothing is then issued.</param>
    /// <exception cref="PortalInputException">The card is unknown, the person cannot get such a letter, others were issued at the same time, or the file cannot be written.</exception>
    /// <exception cref="LetterFontsMissingException">The fonts are not installed.</exception>
    public async Task<LetterOutcome> IssueAsync(LetterRequest request, string file, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var recipients = await RecipientsAsync(request, now, cancellationToken);
        var exposed = request.IsAddressConfirmed ? [] : await WithHouseholdAddressAsync(recipients, JapanTime.DateOf(now), cancellationToken);
        if (exposed.Count > 0 && request.Alone is not null)
        {
            throw new PortalInputException(LetterText.AddressOfHousehold);
        }

        recipients.RemoveAll(p => exposed.Contains(p.Id));
        var leftOut = await NamesOfAsync(exposed, cancellationToken);
        if (recipients.Count == 0)
        {
            return new LetterOutcome(0, null, null) { LeftOut = leftOut };
        }

        using var fonts = LetterFonts.Open();
        var envelopes = await EnvelopesAsync(recipients, request, JapanTime.DateOf(now), cancellationToken);
        var credentials = await CredentialsAsync(envelopes, now, cancellationToken);
        var society = db.Current.Society;
        var partial = file + ".part";
        RegistrationLetterReport report;
        try
        {
            await using var stream = PrivateFiles.Create(partial, FileMode.Create);
            var letters = LettersFor(envelopes, credentials, society, now).ToAsyncEnumerable();
            report = await RegistrationLetterPdf.WriteAsync(stream, fonts, now, letters, progress, request.Recovering is not null, cancellationToken);
            stream.Flush(flushToDisk: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PortalInputException(LetterText.CannotWrite.With(file));
        }

        await CommitAsync(credentials, now, cancellationToken);
        return new LetterOutcome(recipients.Count, report, GiveName(partial, file)) { LeftOut = leftOut };
    }

    /// <summary>
    /// The protected among the recipients whose letter would come to a home of those they are protected from: no address, or the postal code or address of an
    /// adult of the household, present or former. Spellings of an address differ, so that the same postal code is enough.
    /// </summary>
    private async Task<HashSet<Guid>> WithHouseholdAddressAsync(List<Person> recipients, DateOnly today, CancellationToken cancellationToken)
    {
        var guarded = recipients.FindAll(p => p.IsProtected);
        if (guarded.Count == 0)
        {
            return [];
        }

        var circles = await shared.CirclesAsync(guarded.ConvertAll(p => p.Id), cancellationToken);
        var ids = circles.Values.SelectMany(c => c).Distinct().ToList();
        var guardianAge = db.Current.Society.GuardianAgeOn(today);
        var adults = (await db.Persons.AsNoTracking().Where(p => ids.Contains(p.Id)).ToListAsync(cancellationToken)).Where(p => p.AgeOn(today) >= guardianAge).ToList();
        return [.. guarded.Where(person => person.Address is null || adults.Exists(p => circles[person.Id].Contains(p.Id) && MayOpenPostOf(p, person))).Select(p => p.Id)];
    }

    private static bool MayOpenPostOf(Person other, Person person) =>
        other.LivesWith(person) || (other.PostalCode is not null && other.PostalCode == person.PostalCode);

    /// <summary>記号-番号-枝番 and 氏名, for the clerk who must ask.</summary>
    private async Task<List<string>> NamesOfAsync(HashSet<Guid> persons, CancellationToken cancellationToken) => persons.Count == 0 ? [] :
        await db.InsuranceCards.AsNoTracking().Where(c => persons.Contains(c.PersonId) && c.ValidTo == null)
            .Join(db.Persons, c => c.PersonId, p => p.Id, (c, p) => c.Symbol + "-" + c.Number + "-" + c.Branch + " " + p.Name).ToListAsync(cancellationToken);

    private async Task<List<Person>> RecipientsAsync(LetterRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var today = JapanTime.DateOf(now);
        if (request.Alone is { } alone)
        {
            return [await AloneAsync(alone, request.Leaver is not null, today, cancellationToken)];
        }

        var candidates = request.Household is { } card
            ? await HouseholdOfAsync(card, cancellationToken)
            : db.Persons.Where(p => !db.ProvisionalCredentials.Any(c => c.PersonId == p.Id && c.VoidedAt == null && c.UsedAt == null && c.ExpiresAt > now));
        return await candidates.AsNoTracking()
            .Where(p => p.LostOn == null || p.LostOn > today)
            .Where(p => !db.MemberAccounts.Any(a => a.PersonId == p.Id && (a.WaitsSince == null || a.SuspendedAt != null)))
            .OrderBy(p => p.ListOrder).ToListAsync(cancellationToken);
    }

    /// <exception cref="PortalInputException">The person has not left, or has left for too long; has an account, or none; is suspended; has no address.</exception>
    private async Task<Person> AloneAsync(Guid personId, bool isLeaver, DateOnly today, CancellationToken cancellationToken)
    {
        var person = await db.Persons.AsNoTracking().SingleAsync(p => p.Id == personId, cancellationToken);
        var account = await db.MemberAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.PersonId == personId, cancellationToken);
        var fault = (account, isLeaver, person.IsMemberOn(today)) switch
        {
            _ when !person.MayUsePortalOn(today) => LetterText.TooLongGone,
            (_, true, true) => LetterText.NotLeft,
            (not null, true, _) => LetterText.LeaverHasAccount,
            (null, false, false) => LetterText.LeaverNoAccount,
            (null, false, _) => LetterText.NoAccount,
            ({ SuspendedAt: not null }, _, _) => LetterText.IsSuspended,
            _ when person.Address is null => LetterText.NoAddress,
            _ => null,
        };
        return fault is null ? person : throw new PortalInputException(fault);
    }

    private async Task<IQueryable<Person>> HouseholdOfAsync(CardIdentity card, CancellationToken cancellationToken)
    {
        var (symbol, number) = (card.Symbol.Key, card.Number.Key);
        var holders = db.InsuranceCards.Where(c => c.SymbolKey == symbol && c.NumberKey == number && c.ValidTo == null).Select(c => c.PersonId);
        return await holders.AnyAsync(cancellationToken)
            ? db.Persons.Where(p => holders.Contains(p.Id))
            : throw new PortalInputException(LetterText.CardUnknown.With(card));
    }

    /// <summary>Who has an account gets a 再設定のご案内; it goes to them alone, as that of a protected person and of one who left does.</summary>
    private async Task<List<LetterEnvelope>> EnvelopesAsync(List<Person> recipients, LetterRequest request, DateOnly today, CancellationToken cancellationToken)
    {
        // The few who wait, and not a list of all recipients: that may be the whole society.
        var recovering = request.Recovering is { } one ? [one]
            : await db.MemberAccounts.Where(a => a.WaitsSince != null).Select(a => a.PersonId).ToHashSetAsync(cancellationToken);
        return [.. LetterEnvelopes.Of(recipients, InsuredOf(recipients), person => person.Id == request.Alone || recovering.Contains(person.Id), recovering, request.PerPersonFromAge, today)];
    }

    /// <summary>The credentials in the order of the people, each with its plain password.</summary>
    private async Task<Dictionary<Guid, Issued>> CredentialsAsync(List<LetterEnvelope> envelopes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var society = db.Current.Society;
        var used = await db.ProvisionalCredentials.Select(c => c.ProvisionalId).ToHashSetAsync(StringComparer.Ordinal, cancellationToken);
        var issued = new Dictionary<Guid, Issued>();
        foreach (var (person, kind) in envelopes.SelectMany(e => e.Persons, (e, person) => (person, e.Kind)))
        {
            string id;
            do
            {
                id = ProvisionalId.FromSerial(RandomNumberGenerator.GetInt32(SerialCount), society.InsurerNumber).Value;
            }
            while (!used.Add(id));

            var password = ProvisionalPassword.Create();
            issued.Add(person.Id, new Issued(password, new ProvisionalCredential
            {
                SocietyId = society.Id,
                PersonId = person.Id,
                ProvisionalId = id,
                PasswordMac = keys.Mac(KeyPurpose.ProvisionalPassword, ProvisionalPassword.Normalize(password)),
                Letter = kind,
                IssuedAt = now,
                ExpiresAt = now.AddDays(DaysOf(kind, society)),
            }));
        }

        return issued;
    }

    private static int DaysOf(LetterKind kind, Society society) => kind == LetterKind.Recovery ? ProvisionalCredential.RecoveryDays : society.ProvisionalDays;

    private static IEnumerable<RegistrationLetter> LettersFor(
        List<LetterEnvelope> envelopes, Dictionary<Guid, Issued> credentials, Society society, DateTimeOffset now)
    {
        var today = JapanTime.DateOf(now);
        var sender = new LetterSociety(
            society.Name, society.PostalCode ?? "", society.Address ?? "", society.Tel ?? "", society.Title, society.Origin, society.RegistrationAddress);

        foreach (var envelope in envelopes)
        {
            // The letter prints the last whole day on which the credentials work.
            yield return new RegistrationLetter(
                sender, today, JapanTime.DateOf(now.AddDays(DaysOf(envelope.Kind, society))).AddDays(-1),
                new LetterAddressee(envelope.Addressee.PostalCode ?? "", envelope.Addressee.Address ?? "", envelope.Addressee.Name),
                [.. envelope.Persons.Select(p => Block(p, credentials[p.Id]))])
            {
                IsRecovery = envelope.Kind == LetterKind.Recovery,
            };
        }
    }

    private static LetterPerson Block(Person person, Issued issued) =>
        new(person.Name, person.ProvisionalNickname, issued.Credential.ProvisionalId, issued.Password);

    /// <summary>The insured of the recipients' households, also those who need no credentials themselves.</summary>
    private Dictionary<Guid, Person> InsuredOf(List<Person> recipients)
    {
        var households = recipients.Select(p => p.HouseholdId).ToHashSet();
        return db.Persons.AsNoTracking().Where(p => p.Relationship == Relationship.Insured && p.LostOn == null).AsEnumerable()
            .Where(p => households.Contains(p.HouseholdId)).GroupBy(p => p.HouseholdId).ToDictionary(g => g.Key, g => g.First());
    }

    /// <summary>Voids the older credentials of the same people and adds the new ones, all or nothing.</summary>
    private Task CommitAsync(Dictionary<Guid, Issued> issued, DateTimeOffset now, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            await work.QueueUpAsync(ProvisionalCredential.Queue, cancellationToken);
            var together = issued.Where(i => i.Value.Credential.Letter == LetterKind.Household).Select(i => i.Key).ToHashSet();
            foreach (var batch in issued.Keys.Chunk(Batch))
            {
                if (await db.Persons.Where(p => batch.Contains(p.Id) && p.IsProtected).Select(p => p.Id).ToListAsync(cancellationToken) is { } hidden && hidden.Exists(together.Contains))
                {
                    // Protected since the file was begun: their credentials stand on a sheet for others.
                    throw new PortalInputException(LetterText.IssuedMeanwhile);
                }

                if (await db.ProvisionalCredentials.AnyAsync(c => batch.Contains(c.PersonId) && c.IssuedAt >= now, cancellationToken))
                {
                    throw new PortalInputException(LetterText.IssuedMeanwhile);
                }

                await db.ProvisionalCredentials.Where(c => batch.Contains(c.PersonId) && c.VoidedAt == null && c.UsedAt == null)
                    .ExecuteUpdateAsync(set => set.SetProperty(c => c.VoidedAt, now), cancellationToken);
            }

            foreach (var one in issued.Values)
            {
                db.ProvisionalCredentials.Add(one.Credential);
                var kind = one.Credential.Letter;
                audit.Add(
                    kind == LetterKind.Recovery ? AuditKind.RecoveryLetterIssued : AuditKind.CredentialIssued, one.Credential.PersonId,
                    $"credential={one.Credential.Id} letter={kind}");
            }

            audit.Add(AuditKind.LettersIssued, detail: $"persons={issued.Count}");
        },
        cancellationToken);

    /// <returns>Where an older file of the name was moved to.</returns>
    private static string? GiveName(string partial, string file)
    {
        try
        {
            var kept = KeepOlder(file);
            File.Move(partial, file);
            return kept;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PortalInputException(LetterText.CannotName.With(partial, file));
        }
    }

    /// <summary>An older file of the name may hold the only copy of valid secrets: it gets a number and stays.</summary>
    private static string? KeepOlder(string file)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        for (var i = 1; ; i++)
        {
            var kept = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, $"{Path.GetFileNameWithoutExtension(file)}-{i}{Path.GetExtension(file)}");
            if (!File.Exists(kept))
            {
                File.Move(file, kept);
                return kept;
            }
        }
    }

    private sealed record Issued(string Password, ProvisionalCredential Credential);
}
