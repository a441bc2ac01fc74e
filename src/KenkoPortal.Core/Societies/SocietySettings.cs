using System.Globalization;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Members;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Societies;

/// <summary>What a change of a setting lets members see of others, from a day on.</summary>
/// <param name="Name">The setting.</param>
/// <param name="From">The day (Tokyo).</param>
/// <param name="People">How many people it concerns, as things stand.</param>
/// <param name="Article">Title of the article that announces it.</param>
public sealed record SettingOpening(string Name, DateOnly From, int People, string Article);

/// <summary>Adds societies and changes their settings, each setting by the name that the command line gives it.</summary>
public sealed class SocietySettings(PortalContext db, UnitOfWork work, AuditTrail audit, TimeProvider clock)
{
    public const string DiscloseByDefault = "disclose-by-default";
    public const string GuardianAge = "guardian-age";

    /// <summary>Days between the change of a setting that opens something and the day on which it opens: members read the announcement and object (row Z9).</summary>
    public const int DaysBeforeOpening = 14;

    /// <summary>Settings whose values may stand in an event: numbers, days, yes or no, and names of machines. Of the others the event names the setting alone.</summary>
    private static readonly HashSet<string> Harmless = new(StringComparer.Ordinal)
    {
        "insurer-number", "host", "origin", "bounce-domain", "provisional-days", GuardianAge, DiscloseByDefault, "notice-day", "notice-years",
        "generic-least-yen", "generic-least-days", "generic-least-age", "generic-excluded", "mail-asks-per-hour", "office-networks", "office-logins-per-minute",
    };

    private static readonly Dictionary<string, Action<Society, string>> Setters = new(StringComparer.Ordinal)
    {
        ["insurer-number"] = (s, v) => s.InsurerNumber = ValidInsurerNumber(v),
        ["name"] = (s, v) => s.Name = Line("name", v),
        ["title"] = (s, v) => s.Title = Line("title", v),
        ["host"] = (s, v) => s.Host = ValidDomain("host", v),
        ["origin"] = (s, v) => s.Origin = ValidOrigin(v),
        ["mail-from"] = (s, v) => s.MailFrom = ValidAddress("mail-from", v),
        ["registration-address"] = (s, v) => s.RegistrationAddress = ValidAddress("registration-address", v).ToLowerInvariant(),
        ["staff-mail"] = (s, v) => s.StaffMail = v.Length == 0 ? null : ValidAddress("staff-mail", v),
        ["bounce-domain"] = (s, v) => s.BounceDomain = v.Length == 0 ? null : ValidDomain("bounce-domain", v),
        ["postal-code"] = (s, v) => s.PostalCode = Optional("postal-code", v),
        ["address"] = (s, v) => s.Address = Optional("address", v),
        ["tel"] = (s, v) => s.Tel = Optional("tel", v),
        ["provisional-days"] = (s, v) => s.ProvisionalDays = Number("provisional-days", v, 1, 730),
        [GuardianAge] = SetGuardianAge,
        [DiscloseByDefault] = (s, v) => s.DiscloseByDefaultFrom = StartOf(v),
        ["notice-day"] = (s, v) => s.NoticeDay = Number("notice-day", v, 1, 31),
        ["notice-years"] = (s, v) => s.NoticeYears = Number("notice-years", v, 1, 20),
        ["generic-least-yen"] = (s, v) => s.GenericLeastYen = Number("generic-least-yen", v, 0, 1_000_000),
        ["generic-least-days"] = (s, v) => s.GenericLeastDays = Number("generic-least-days", v, 0, 366),
        ["generic-least-age"] = (s, v) => s.GenericLeastAge = Number("generic-least-age", v, 0, 120),
        ["generic-excluded"] = (s, v) => s.GenericExcluded = DrugClasses("generic-excluded", v),
        ["tax-note"] = (s, v) => s.TaxNote = Optional("tax-note", v),
        ["office-networks"] = (s, v) => s.OfficeNetworks = Networks("office-networks", v),
        ["office-logins-per-minute"] = (s, v) => s.OfficeLoginsPerMinute = Number("office-logins-per-minute", v, 30, 3000),
        ["mail-asks-per-hour"] = (s, v) => s.MailAsksPerHour = v == Auto ? 0 : Number("mail-asks-per-hour", v, 1, 1_000_000),
    };

    /// <summary>A number that follows the society's size.</summary>
    public const string Auto = "auto";

    private const int MostClassDigits = 12;
    private const string DayFormat = "yyyy-MM-dd";

    /// <summary>Every setting's name, in the order that help shows.</summary>
    public static IReadOnlyCollection<string> Names => Setters.Keys;

    /// <summary>Every setting with its value, as <c>society set</c> takes it.</summary>
    public static IReadOnlyList<(string Name, string Value)> ValuesOf(Society society) =>
    [
        ("insurer-number", society.InsurerNumber),
        ("name", society.Name),
        ("title", society.Title),
        ("host", society.Host),
        ("origin", society.Origin),
        ("mail-from", society.MailFrom),
        ("registration-address", society.RegistrationAddress),
        ("staff-mail", society.StaffMail ?? ""),
        ("bounce-domain", society.BounceDomain ?? ""),
        ("postal-code", society.PostalCode ?? ""),
        ("address", society.Address ?? ""),
        ("tel", society.Tel ?? ""),
        ("provisional-days", Shown(society.ProvisionalDays)),
        (GuardianAge, Shown(society.GuardianAge) + Since(society.GuardianAgeFrom)),
        (DiscloseByDefault, society.DiscloseByDefaultFrom is { } from ? "yes" + Since(from) : "no"),
        ("notice-day", Shown(society.NoticeDay)),
        ("notice-years", Shown(society.NoticeYears)),
        ("generic-least-yen", Shown(society.GenericLeastYen)),
        ("generic-least-days", Shown(society.GenericLeastDays)),
        ("generic-least-age", Shown(society.GenericLeastAge)),
        ("generic-excluded", society.GenericExcluded),
        ("tax-note", society.TaxNote ?? ""),
        ("mail-asks-per-hour", society.MailAsksPerHour == 0 ? Auto : Shown(society.MailAsksPerHour)),
        ("office-networks", society.OfficeNetworks),
        ("office-logins-per-minute", Shown(society.OfficeLoginsPerMinute)),
    ];

    /// <summary>Checks every setting of a new society.</summary>
    /// <param name="key"><c>a-z0-9-</c>, at most 32 characters.</param>
    /// <param name="settings">Name to value; the required ones must be there.</param>
    /// <param name="defaultOrigin">The origin where none is given.</param>
    /// <exception cref="PortalInputException">A value is missing or cannot be used.</exception>
    public static Society Create(string key, IReadOnlyDictionary<string, string> settings, Func<string, string> defaultOrigin)
    {
        if (key.Length is 0 or > 32 || !key.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            throw new PortalInputException(SocietyText.KeyForm.With(key));
        }

        foreach (var name in new[] { "insurer-number", "name", "host", "mail-from", "registration-address" })
        {
            if (!settings.ContainsKey(name))
            {
                throw new PortalInputException(SocietyText.Missing.With(name));
            }
        }

        var host = ValidDomain("host", settings["host"]);
        var society = new Society
        {
            Key = key, InsurerNumber = "", Name = "", Host = host, Origin = ValidOrigin(defaultOrigin(host)), MailFrom = "", RegistrationAddress = "",
        };
        foreach (var (name, value) in settings)
        {
            Apply(society, name, value);
        }

        // It counts from a day that members were told of, and a new society has none to tell.
        return society.DiscloseByDefaultFrom is null ? society : throw new PortalInputException(SocietyText.BadValue.With(DiscloseByDefault, settings[DiscloseByDefault]));
    }

    /// <exception cref="PortalInputException">Something of it is another society's.</exception>
    public async Task AddAsync(Society society, CancellationToken cancellationToken)
    {
        db.Current.Set(society);
        await SaveAsync(
            async () =>
            {
                await RefuseOthersAsync(society, _ => true, cancellationToken);
                db.Societies.Add(society);
                audit.Add(AuditKind.SocietyAdded, society.Id);
            },
            cancellationToken);
    }

    /// <summary>What a change would open, for somebody to confirm; nothing is changed.</summary>
    /// <param name="settings">Name to value.</param>
    /// <param name="announcedBy">Key of the article that announces it; null where nothing opens.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PortalInputException">As <see cref="ChangeAsync(IReadOnlyDictionary{string, string}, string?, CancellationToken)"/>.</exception>
    public async Task<IReadOnlyList<SettingOpening>> OpeningsAsync(IReadOnlyDictionary<string, string> settings, string? announcedBy, CancellationToken cancellationToken)
    {
        var society = await db.Societies.AsNoTracking().SingleAsync(s => s.Id == db.SocietyId, cancellationToken);
        return await ApplyAsync(society, settings, announcedBy, cancellationToken);
    }

    /// <summary>Changes settings that open nothing.</summary>
    /// <inheritdoc cref="ChangeAsync(IReadOnlyDictionary{string, string}, string?, CancellationToken)"/>
    public Task ChangeAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken) => ChangeAsync(settings, announcedBy: null, cancellationToken);

    /// <summary>
    /// Changes settings of the current society; they act on its next request or RCPT. What lets members see more of others opens on a day of its own, which
    /// an article that members can read has announced (row Z9).
    /// </summary>
    /// <param name="settings">Name to value.</param>
    /// <param name="announcedBy">Key of the article that announces what opens; null where nothing opens.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PortalInputException">
    /// A name is unknown, a value cannot be used or is another society's, it would part the society from its members, or it opens something that was not announced in time.
    /// </exception>
    public Task ChangeAsync(IReadOnlyDictionary<string, string> settings, string? announcedBy, CancellationToken cancellationToken) => SaveAsync(
        async () =>
        {
            var society = await db.Societies.SingleAsync(s => s.Id == db.SocietyId, cancellationToken);
            var (number, before) = (society.InsurerNumber, ValuesOf(society).ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal));
            var openings = await ApplyAsync(society, settings, announcedBy, cancellationToken);
            if (society.InsurerNumber != number && await db.Persons.AnyAsync(cancellationToken))
            {
                throw new PortalInputException(SocietyText.NumberInUse.With(number));
            }

            await RefuseOthersAsync(society, settings.ContainsKey, cancellationToken);
            var after = ValuesOf(society).ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal);
            audit.Add(AuditKind.SocietyChanged, society.Id, string.Join(
                ' ',
                [
                    .. settings.Keys.Select(name => Harmless.Contains(name) ? $"{name}={Written(before[name])}→{Written(after[name])}" : name),
                    .. openings.Count == 0 ? (string[])[] : [$"announced={Written(announcedBy!)}", $"people={openings.Sum(o => o.People)}"],
                ]));
        },
        cancellationToken);

    /// <summary>Sets the values, and judges what they open.</summary>
    private async Task<List<SettingOpening>> ApplyAsync(
        Society society, IReadOnlyDictionary<string, string> settings, string? announcedBy, CancellationToken cancellationToken)
    {
        var today = JapanTime.DateOf(clock.GetUtcNow());
        if (settings.ContainsKey(GuardianAge))
        {
            society.SettleGuardianAge(today);
        }

        var (age, start) = (society.GuardianAge, society.DiscloseByDefaultFrom);
        foreach (var (name, value) in settings)
        {
            Apply(society, name, value);
        }

        var openings = new List<SettingOpening>();
        if (society.DiscloseByDefaultFrom is { } opens && opens != start)
        {
            openings.Add(await OpeningAsync(DiscloseByDefault, opens, NotRegistered(today), announcedBy, today, cancellationToken));
        }

        if (settings.ContainsKey(GuardianAge))
        {
            var from = society.GuardianAgeFrom;
            if (society.GuardianAge > age)
            {
                from = from ?? throw new PortalInputException(SocietyText.NeedsDay.With(GuardianAge, settings[GuardianAge]));
                openings.Add(await OpeningAsync(GuardianAge, from.Value, ActedForAnew(today, from.Value, age, society.GuardianAge), announcedBy, today, cancellationToken));
            }
            else if (from is not null)
            {
                throw new PortalInputException(SocietyText.ClosesAtOnce.With(GuardianAge, society.GuardianAge));
            }
        }

        return openings;
    }

    private async Task<SettingOpening> OpeningAsync(
        string name, DateOnly from, IQueryable<Person> people, string? announcedBy, DateOnly today, CancellationToken cancellationToken)
    {
        if (from < today.AddDays(DaysBeforeOpening))
        {
            throw new PortalInputException(SocietyText.TooSoon.With(name, JapanTime.Date(from), DaysBeforeOpening, JapanTime.Date(today.AddDays(DaysBeforeOpening))));
        }

        if (announcedBy is null)
        {
            throw new PortalInputException(SocietyText.NeedsArticle.With(name));
        }

        var article = await db.Articles.AsNoTracking().SingleOrDefaultAsync(a => a.Key == announcedBy, cancellationToken);
        return article?.IsShownOn(today) == true && article.IsShownOn(from)
            ? new SettingOpening(name, from, await people.CountAsync(cancellationToken), article.Title)
            : throw new PortalInputException(SocietyText.NotAnnounced.With(announcedBy, JapanTime.Date(from)));
    }

    /// <summary>Whom the start value can reach: members who have not registered, and for whom nothing was ever stored.</summary>
    private IQueryable<Person> NotRegistered(DateOnly today) => Members(today)
        .Where(p => !db.MemberAccounts.Any(a => a.PersonId == p.Id) && !db.DisclosureSettings.Any(d => d.PersonId == p.Id));

    /// <summary>Dependants whom a raised age puts back under the insured: old enough for themselves until then, and without an account.</summary>
    private IQueryable<Person> ActedForAnew(DateOnly today, DateOnly from, int before, int after)
    {
        var (youngest, oldest) = (from.AddYears(-before), from.AddYears(-after));
        return Members(today).Where(p =>
            p.Relationship != Relationship.Insured && p.BirthDate <= youngest && p.BirthDate > oldest && !db.MemberAccounts.Any(a => a.PersonId == p.Id));
    }

    private IQueryable<Person> Members(DateOnly today) => db.Persons.Where(p => !p.IsProtected && (p.LostOn == null || p.LostOn > today));

    /// <summary>
    /// What tells societies apart belongs to one alone; only what is written now is looked at, so that old duplicates can be mended one by one: where pages are asked for and links lead, where empty mails go, and 保険者番号, by which lists and claims are known
    /// to be the society's.
    /// </summary>
    private async Task RefuseOthersAsync(Society society, Func<string, bool> isWritten, CancellationToken cancellationToken)
    {
        var origin = new Uri(society.Origin).Host;
        foreach (var other in await db.Societies.AsNoTracking().Where(s => s.Id != society.Id).ToListAsync(cancellationToken))
        {
            foreach (var (name, value, isSame) in new[]
            {
                ("key", society.Key, other.Key == society.Key),
                ("insurer-number", society.InsurerNumber, other.InsurerNumber == society.InsurerNumber),
                ("host", society.Host, other.Host == society.Host),
                ("origin", society.Origin, other.Host == origin),
                ("registration-address", society.RegistrationAddress, other.RegistrationAddress == society.RegistrationAddress),
            })
            {
                if (isSame && isWritten(name))
                {
                    throw new PortalInputException(SocietyText.OfAnother.With(name, value, other.Key));
                }
            }
        }
    }

    private static void Apply(Society society, string name, string value)
    {
        if (!Setters.TryGetValue(name, out var set))
        {
            throw new PortalInputException(SocietyText.NameUnknown.With(name, string.Join(", ", Names)));
        }

        set(society, value.Trim());
    }

    private async Task SaveAsync(Func<Task> write, CancellationToken cancellationToken)
    {
        try
        {
            await work.CommitAsync(write, cancellationToken);
        }
        catch (DbUpdateException exception) when (UnitOfWork.IsDuplicate(exception))
        {
            throw new PortalInputException(SocietyText.Duplicate);
        }
    }

    private static string Line(string name, string value) => value.Length is > 0 and <= 200 && !value.Any(char.IsControl)
        ? value
        : throw new PortalInputException(SocietyText.BadValue.With(name, value));

    private static string? Optional(string name, string value) => value.Length == 0 ? null : Line(name, value);

    private static string ValidInsurerNumber(string value) => InsurerNumber.TryParse(value, out var number)
        ? number.Value
        : throw new PortalInputException(SocietyText.BadInsurerNumber.With(value));

    private static string ValidAddress(string name, string value) => EmailAddress.TryParseSetting(value, out var address)
        ? address.Value
        : throw new PortalInputException(SocietyText.BadValue.With(name, value));

    /// <summary>A name of letters, digits and hyphens (RFC 1123 §2.1), not an address: mail to an address is refused, and no certificate names it.</summary>
    private static string ValidDomain(string name, string value)
    {
        var labels = value.Split('.');
        return value.Length <= 253 && labels.All(IsLabel) && !labels[^1].All(char.IsAsciiDigit)
            ? value.ToLowerInvariant()
            : throw new PortalInputException(SocietyText.BadDomain.With(name, value));
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static string ValidOrigin(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.AbsolutePath == "/" && uri.Query.Length == 0 && uri.UserInfo.Length == 0
            ? uri.GetLeftPart(UriPartial.Authority)
            : throw new PortalInputException(SocietyText.BadOrigin.With(value));

    private static int Number(string name, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new PortalInputException(SocietyText.BadNumber.With(name, least, most, value));

    private static string Networks(string name, string value) => OfficeNetworks.TryParse(value, out var networks)
        ? networks.ToString()
        : throw new PortalInputException(SocietyText.BadNetworks.With(name, value, OfficeNetworks.Most));

    /// <summary>Beginnings of 12-character drug price codes (<c>42</c>, <c>1179</c>), in order and with a blank between; none at all is a choice too.</summary>
    private static string DrugClasses(string name, string value)
    {
        var classes = value.Split([' ', ',', '\u3001', '\u3000'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return classes.All(c => c.Length <= MostClassDigits && c.All(char.IsAsciiLetterOrDigit) && char.IsAsciiDigit(c[0]))
            ? string.Join(' ', classes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            : throw new PortalInputException(SocietyText.BadDrugClasses.With(name, value));
    }

    /// <summary>A raised age holds from a day; whether it needs one is judged where the day of today is known.</summary>
    private static void SetGuardianAge(Society society, string value)
    {
        var ((text, from), before) = (Dated(GuardianAge, value), society.GuardianAge);
        society.GuardianAge = Number(GuardianAge, text, 0, 20);
        (society.GuardianAgeBefore, society.GuardianAgeFrom) = (from is null ? null : before, from);
    }

    private static DateOnly? StartOf(string value) => Dated(DiscloseByDefault, value) switch
    {
        ("no", null) => null,
        ("yes", { } from) => from,
        ("yes", null) => throw new PortalInputException(SocietyText.NeedsDay.With(DiscloseByDefault, "yes")),
        _ => throw new PortalInputException(SocietyText.BadValue.With(DiscloseByDefault, value)),
    };

    /// <summary>A value that may have a day behind it, from which it holds: <c>yes@2026-12-20</c>.</summary>
    private static (string Value, DateOnly? From) Dated(string name, string value) => value.Split('@') switch
    {
        [var plain] => (plain, null),
        [var dated, var day] when DateOnly.TryParseExact(day, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var from) => (dated, from),
        _ => throw new PortalInputException(SocietyText.BadDay.With(name, value)),
    };

    private static string Since(DateOnly? from) => from is { } day ? "@" + day.ToString(DayFormat, CultureInfo.InvariantCulture) : "";

    private static string Shown(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A value as one word of an event's detail.</summary>
    private static string Written(string value) => value.Length == 0 ? "-" : string.Join(',', value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
