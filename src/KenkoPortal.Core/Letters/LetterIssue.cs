using System.Security.Cryptography;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Societies;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Letters;

/// <summary>For whom letters are made.</summary>
/// <param name="Household">One household's card (記号-番号), forced anew; null for everybody without an account and without valid credentials.</param>
/// <param name="PerPersonFromAge">A sheet of their own for people of this age and above; null for one letter a household.</param>
public sealed record LetterRequest(CardIdentity? Household = null, int? PerPersonFromAge = null);

/// <summary>What was made.</summary>
/// <param name="Persons">People who got credentials.</param>
/// <param name="Report">Letters, pages and characters without a glyph; null when there was nobody to write to.</param>
/// <param name="KeptFile">Where an older file of the same name was moved to.</param>
public sealed record LetterOutcome(int Persons, RegistrationLetterReport? Report, string? KeptFile);

/// <summary>
/// Makes provisional credentials and their letters. The plain secrets exist while the file is written; the rows are committed when the
/// file is complete, and only then does the file get its name.
/// </summary>
public sealed class LetterIssue(PortalContext db, UnitOfWork work, AuditTrail audit, PortalKeys keys, TimeProvider clock)
{
    private const int SerialCount = 10_000_000;
    private const int Batch = 500;

    /// <param name="request">For whom.</param>
    /// <param name="file">Where the PDF goes; readable by its owner only.</param>
    /// <param name="progress">Told the number of letters so far.</param>
    /// <param name="cancellationToken">Ends it; nothing is then issued.</param>
    /// <exception cref="PortalInputException">The card is unknown, others were issued at the same time, or the file cannot be written.</exception>
    /// <exception cref="LetterFontsMissingException">The fonts are not installed.</exception>
    public async Task<LetterOutcome> IssueAsync(LetterRequest request, string file, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var recipients = await RecipientsAsync(request, now, cancellationToken);
        if (recipients.Count == 0)
        {
            return new LetterOutcome(0, null, null);
        }

        using var fonts = LetterFonts.Open();
        var credentials = await CredentialsAsync(recipients, now, cancellationToken);
        var society = db.Current.Society;
        var partial = file + ".part";
        RegistrationLetterReport report;
        try
        {
            await using var stream = PrivateFiles.Create(partial, FileMode.Create);
            var letters = LettersFor(recipients, credentials, request, society, now).ToAsyncEnumerable();
            report = await RegistrationLetterPdf.WriteAsync(stream, fonts, now, letters, progress, cancellationToken);
            stream.Flush(flushToDisk: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PortalInputException(LetterText.CannotWrite.With(file));
        }

        await CommitAsync(credentials, now, cancellationToken);
        return new LetterOutcome(recipients.Count, report, GiveName(partial, file));
    }

    private async Task<List<Person>> RecipientsAsync(LetterRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var today = JapanTime.DateOf(now);
        var candidates = request.Household is { } card
            ? await HouseholdOfAsync(card, cancellationToken)
            : db.Persons.Where(p => !db.ProvisionalCredentials.Any(c => c.PersonId == p.Id && c.VoidedAt == null && c.UsedAt == null && c.ExpiresAt > now));
        return await candidates.AsNoTracking()
            .Where(p => p.LostOn == null || p.LostOn > today)
            .Where(p => !db.MemberAccounts.Any(a => a.PersonId == p.Id))
            .OrderBy(p => p.ListOrder).ToListAsync(cancellationToken);
    }

    private async Task<IQueryable<Person>> HouseholdOfAsync(CardIdentity card, CancellationToken cancellationToken)
    {
        var (symbol, number) = (card.Symbol.Key, card.Number.Key);
        var holders = db.InsuranceCards.Where(c => c.SymbolKey == symbol && c.NumberKey == number && c.ValidTo == null).Select(c => c.PersonId);
        return await holders.AnyAsync(cancellationToken)
            ? db.Persons.Where(p => holders.Contains(p.Id))
            : throw new PortalInputException(LetterText.CardUnknown.With(card));
    }

    /// <summary>The credentials in the order of the people, each with its plain password.</summary>
    private async Task<Dictionary<Guid, Issued>> CredentialsAsync(List<Person> recipients, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var society = db.Current.Society;
        var used = await db.ProvisionalCredentials.Select(c => c.ProvisionalId).ToHashSetAsync(StringComparer.Ordinal, cancellationToken);
        var expiresAt = now.AddDays(society.ProvisionalDays);
        var issued = new Dictionary<Guid, Issued>(recipients.Count);
        foreach (var person in recipients)
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
                IssuedAt = now,
                ExpiresAt = expiresAt,
            }));
        }

        return issued;
    }

    private IEnumerable<RegistrationLetter> LettersFor(
        List<Person> recipients, Dictionary<Guid, Issued> credentials, LetterRequest request, Society society, DateTimeOffset now)
    {
        var today = JapanTime.DateOf(now);
        var sender = new LetterSociety(
            society.Name, society.PostalCode ?? "", society.Address ?? "", society.Tel ?? "", society.Title, society.Origin, society.RegistrationAddress);

        // The letter prints the last whole day on which the credentials work.
        var validUntil = JapanTime.DateOf(now.AddDays(society.ProvisionalDays)).AddDays(-1);
        var insured = InsuredOf(recipients);
        foreach (var envelope in LetterEnvelopes.Of(recipients, insured, request.PerPersonFromAge, today))
        {
            yield return new RegistrationLetter(
                sender, today, validUntil,
                new LetterAddressee(envelope.Addressee.PostalCode ?? "", envelope.Addressee.Address ?? "", envelope.Addressee.Name),
                [.. envelope.Persons.Select(p => Block(p, credentials[p.Id]))]);
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
            await work.QueueUpAsync("letters", cancellationToken);
            foreach (var batch in issued.Keys.Chunk(Batch))
            {
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
                audit.Add(AuditKind.CredentialIssued, one.Credential.Id);
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
