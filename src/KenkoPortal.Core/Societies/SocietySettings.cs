using System.Globalization;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Members;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Societies;

/// <summary>Adds societies and changes their settings, each setting by the name that the command line gives it.</summary>
public sealed class SocietySettings(PortalContext db, UnitOfWork work, AuditTrail audit)
{
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
        ["guardian-age"] = (s, v) => s.GuardianAge = Number("guardian-age", v, 0, 20),
        ["disclose-by-default"] = (s, v) => s.DiscloseByDefault = YesNo(v),
        ["notice-day"] = (s, v) => s.NoticeDay = Number("notice-day", v, 1, 31),
        ["notice-years"] = (s, v) => s.NoticeYears = Number("notice-years", v, 1, 20),
        ["generic-least-yen"] = (s, v) => s.GenericLeastYen = Number("generic-least-yen", v, 0, 1_000_000),
        ["generic-least-days"] = (s, v) => s.GenericLeastDays = Number("generic-least-days", v, 0, 366),
        ["generic-least-age"] = (s, v) => s.GenericLeastAge = Number("generic-least-age", v, 0, 120),
        ["generic-excluded"] = (s, v) => s.GenericExcluded = DrugClasses("generic-excluded", v),
        ["tax-note"] = (s, v) => s.TaxNote = Optional("tax-note", v),
        ["mail-asks-per-hour"] = (s, v) => s.MailAsksPerHour = Number("mail-asks-per-hour", v, 1, 1_000_000),
    };

    private const int MostClassDigits = 12;

    /// <summary>Every setting's name, in the order that help shows.</summary>
    public static IReadOnlyCollection<string> Names => Setters.Keys;

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

        return society;
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

    /// <summary>Changes settings of the current society; they act on its next request or RCPT.</summary>
    /// <exception cref="PortalInputException">A name is unknown, a value cannot be used or is another society's, or it would part the society from its members.</exception>
    public Task ChangeAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken) => SaveAsync(
        async () =>
        {
            var society = await db.Societies.SingleAsync(s => s.Id == db.SocietyId, cancellationToken);
            var number = society.InsurerNumber;
            foreach (var (name, value) in settings)
            {
                Apply(society, name, value);
            }

            if (society.InsurerNumber != number && await db.Persons.AnyAsync(cancellationToken))
            {
                throw new PortalInputException(SocietyText.NumberInUse.With(number));
            }

            await RefuseOthersAsync(society, settings.ContainsKey, cancellationToken);
            audit.Add(AuditKind.SocietyChanged, society.Id, string.Join(' ', settings.Keys));
        },
        cancellationToken);

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

    /// <summary>Beginnings of 12-character drug price codes (<c>42</c>, <c>1179</c>), in order and with a blank between; none at all is a choice too.</summary>
    private static string DrugClasses(string name, string value)
    {
        var classes = value.Split([' ', ',', '\u3001', '\u3000'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return classes.All(c => c.Length <= MostClassDigits && c.All(char.IsAsciiLetterOrDigit) && char.IsAsciiDigit(c[0]))
            ? string.Join(' ', classes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            : throw new PortalInputException(SocietyText.BadDrugClasses.With(name, value));
    }

    private static bool YesNo(string value) => value switch
    {
        "yes" => true,
        "no" => false,
        _ => throw new PortalInputException(SocietyText.BadValue.With("disclose-by-default", value)),
    };
}
