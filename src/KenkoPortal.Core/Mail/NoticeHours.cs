using KenkoPortal.Core.Common;
using Microsoft.Extensions.Configuration;

namespace KenkoPortal.Core.Mail;

/// <summary>
/// When notice mails leave: from nine in the morning until eight in the evening, Tokyo time, so that they wake nobody. What is not sent by then goes on the next morning. Mails
/// that somebody waits for, those of accounts, leave at any time.
/// </summary>
/// <param name="From">The first moment of the day.</param>
/// <param name="Until">The first moment after it.</param>
public sealed record NoticeHours(TimeOnly From, TimeOnly Until)
{
    public static readonly NoticeHours Usual = new(new TimeOnly(9, 0), new TimeOnly(20, 0));

    public const string Section = "Mail:NoticeHours";

    /// <summary>Reads other hours than the usual ones from the settings.</summary>
    public static NoticeHours Read(IConfiguration settings)
    {
        var section = settings.GetSection(Section);
        return new NoticeHours(section.GetValue(nameof(From), Usual.From), section.GetValue(nameof(Until), Usual.Until));
    }

    /// <summary>The newest day of publication whose mails may leave by now.</summary>
    public DateOnly DueDay(DateTimeOffset now) => JapanTime.DateOf(now - From.ToTimeSpan());

    public bool MayLeave(MailLane lane, DateTimeOffset now) =>
        lane != MailLane.Notice || (TimeOnly.FromDateTime(now.ToOffset(JapanTime.Offset).DateTime) is var time && time >= From && time < Until);
}
