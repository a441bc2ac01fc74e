using KenkoPortal.Claims;

namespace KenkoPortal.Core.Societies;

/// <summary>
/// A health insurance society (健康保険組合), the tenant. Found by <see cref="Host"/>; where there is one society, by every host.
/// The settings act on the next request or RCPT, whichever process wrote them.
/// </summary>
public sealed class Society
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>The operator's short name for it, <c>a-z0-9-</c>.</summary>
    public required string Key { get; init; }

    /// <summary>Grows whenever something changes that is cached for all members: the one column that the serving role may write.</summary>
    public int Revision { get; private set; }

    /// <summary>保険者番号, 8 digits.</summary>
    public required string InsurerNumber { get; set; }

    public required string Name { get; set; }

    /// <summary>The product title over every page.</summary>
    public string Title { get; set; } = "健康マイポータル";

    /// <summary>Host name without port, lower case.</summary>
    public required string Host { get; set; }

    /// <summary>Scheme, host and port that every mailed link and letter begins with. Never taken from a request.</summary>
    public required string Origin { get; set; }

    public required string MailFrom { get; set; }

    /// <summary>The address that an empty mail is sent to, as the letter's QR code holds it.</summary>
    public required string RegistrationAddress { get; set; }

    /// <summary>Where alarms go.</summary>
    public string? StaffMail { get; set; }

    /// <summary>Domain of the return paths, which this portal's listener receives; without it bounces are not tracked.</summary>
    public string? BounceDomain { get; set; }

    public string? PostalCode { get; set; }
    public string? Address { get; set; }
    public string? Tel { get; set; }

    /// <summary>Days that a letter's credentials are valid.</summary>
    public int ProvisionalDays { get; set; } = 180;

    /// <summary>Below this age the insured acts for a dependant without an account: from <see cref="GuardianAgeFrom"/> on, where that is set.</summary>
    public int GuardianAge { get; set; } = 15;

    /// <summary>The age that holds until <see cref="GuardianAgeFrom"/>.</summary>
    public int? GuardianAgeBefore { get; set; }

    /// <summary>The day (Tokyo) from which a raised <see cref="GuardianAge"/> holds.</summary>
    public DateOnly? GuardianAgeFrom { get; set; }

    /// <summary>
    /// The day (Tokyo) from which a person who registers starts with 公開する; null: with 公開しない. It touches nobody who registered before (row Z9).
    /// </summary>
    public DateOnly? DiscloseByDefaultFrom { get; set; }

    /// <summary>Cap on answered asks an hour over the whole society, for registration by form, registration by empty mail and the reissue each; 0 goes by the number of members.</summary>
    public int MailAsksPerHour { get; set; }

    /// <summary>Networks of the firms, as <see cref="Societies.OfficeNetworks"/> reads them; from each of their addresses a whole office may log in.</summary>
    public string OfficeNetworks { get; set; } = "";

    /// <summary>Posts of login, registration and reissue a minute from an address of <see cref="OfficeNetworks"/>; failures are a third of it.</summary>
    public int OfficeLoginsPerMinute { get; set; } = 300;

    /// <summary>The day of the month on which notices are published, two months after the month of treatment.</summary>
    public int NoticeDay { get; set; } = 20;

    /// <summary>Years that notices are kept and shown.</summary>
    public int NoticeYears { get; set; } = 5;

    /// <summary>
    /// The oldest month of treatment that the portal keeps. A tax return can be filed for five years after its own, so notices go by whole years:
    /// with <see cref="NoticeYears"/> 5, all of 2021 stays until the end of 2026.
    /// </summary>
    public TreatmentMonth OldestMonthOn(DateOnly today) => OldestMonth(today, NoticeYears);

    /// <inheritdoc cref="OldestMonthOn"/>
    public static TreatmentMonth OldestMonth(DateOnly today, int years) => new(today.Year - years, 1);

    /// <summary>A drug whose cheapest generic saves less than this, in yen, is not told.</summary>
    public int GenericLeastYen { get; set; } = 300;

    /// <summary>A drug given for fewer days than this is not told.</summary>
    public int GenericLeastDays { get; set; } = 14;

    /// <summary>People below this age get no ジェネリック通知.</summary>
    public int GenericLeastAge { get; set; }

    /// <summary>Drug classes never told, as beginnings of the 12-character code with blanks between: 42 腫瘍用薬, 117 精神神経用剤. Drugs against HIV never are.</summary>
    public string GenericExcluded { get; set; } = "117 42";

    /// <summary>The society's sentence about attaching the printed notice to a tax return; null takes the portal's, which promises nothing.</summary>
    public string? TaxNote { get; set; }

    /// <summary>The age up to which the insured acts for a child on a day (Tokyo).</summary>
    public int GuardianAgeOn(DateOnly day) => GuardianAgeFrom is { } from && day < from ? GuardianAgeBefore ?? GuardianAge : GuardianAge;

    /// <summary>Drops a raise that is still to come: the age of the day stays.</summary>
    public void SettleGuardianAge(DateOnly today) => (GuardianAge, GuardianAgeBefore, GuardianAgeFrom) = (GuardianAgeOn(today), null, null);

    /// <summary>Whether a person who registers on a day (Tokyo) starts with 公開する.</summary>
    public bool StartsOpenOn(DateOnly day) => DiscloseByDefaultFrom is { } from && from <= day;

    /// <summary>The headings of the members' list that differ from the default, as <c>記号=被保険者証記号</c> with commas between.</summary>
    public string? MemberHeadings { get; set; }

    /// <summary>An absolute URL under the society's configured origin.</summary>
    public string Url(string path) => Origin.TrimEnd('/') + path;
}
