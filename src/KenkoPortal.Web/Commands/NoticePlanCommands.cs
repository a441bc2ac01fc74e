using System.CommandLine;
using System.Globalization;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.Publication;
using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Web.Commands;

/// <summary><c>notices reschedule</c>, <c>unplan</c> and <c>seen</c>, and the words about a day of publication.</summary>
internal static class NoticePlanCommands
{
    public static bool TryDay(string? text, out DateOnly day) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    public static Command Reschedule(CommandFrame frame)
    {
        var command = new Command("reschedule", NoticePlanText.Reschedule) { frame.Society };
        var month = CommandFrame.Month(command);
        var on = CommandFrame.Required(command, "--on", "YYYY-MM-DD", NoticePlanText.On);
        CommandFrame.Check(on, text => TryDay(text, out _), CommandText.NoticesOnForm);
        frame.SetAction(command, run =>
        {
            var wanted = run.Month(month);
            TryDay(run.Value(on), out var day);
            return run.InSocietyAsync(async (services, _) =>
            {
                var planned = await services.GetRequiredService<PublicationPlan>().RescheduleAsync(wanted, day, run.Cancellation);
                var isVisible = planned.IsVisibleOn(Today(services));
                run.Say((isVisible ? NoticePlanText.RescheduledToday : NoticePlanText.Rescheduled).With(wanted, JapanTime.Date(day)));
                if (isVisible)
                {
                    TellMails(run, services);
                }

                return PortalCommandLine.Done;
            });
        });
        return command;
    }

    public static Command Unplan(CommandFrame frame)
    {
        var command = new Command("unplan", NoticePlanText.Unplan) { frame.Society };
        var month = CommandFrame.Month(command);
        frame.SetAction(command, run =>
        {
            var wanted = run.Month(month);
            return run.InSocietyAsync(async (services, _) =>
            {
                var dropped = await services.GetRequiredService<PublicationPlan>().DropAsync(wanted, run.Cancellation);
                run.Say((dropped.State == PublicationState.Computed ? NoticePlanText.Unplanned : NoticePlanText.UnplannedForNewer).With(wanted));
                return PortalCommandLine.Done;
            });
        });
        return command;
    }

    public static Command Seen(CommandFrame frame)
    {
        var command = new Command("seen", NoticePlanText.Seen) { frame.Society };
        var month = CommandFrame.Month(command);
        frame.SetAction(command, run =>
        {
            var wanted = run.Month(month);
            return run.InSocietyAsync(async (services, _) =>
            {
                var counts = await services.GetRequiredService<NoticeSeen>().CountAsync(wanted, run.Cancellation);
                run.Say(NoticePlanText.SeenHead.With(wanted, JapanTime.Date(counts.Version.PublishOn!.Value)));
                Say(run, NoticePlanText.SeenPeople, counts.People);
                Say(run, NoticePlanText.SeenAccounts, counts.WithAccount);
                Say(run, NoticePlanText.SeenCount, counts.Seen);
                Say(run, NoticePlanText.SeenNot, counts.People - counts.Seen);
                if (counts.ByDay.Count > 0)
                {
                    run.Say(NoticePlanText.SeenByDay);
                }

                foreach (var (day, people) in counts.ByDay)
                {
                    run.Say(NoticePlanText.SeenDay.With(JapanTime.Date(day), people));
                }

                return PortalCommandLine.Done;
            });
        });
        return command;
    }

    /// <summary>What came of publishing: a plan, or a month that is visible now and its mails.</summary>
    public static void Tell(CommandRun run, IServiceProvider services, PublishOutcome published)
    {
        var (publication, isVisible) = (published.Version, published.Version.IsVisibleOn(Today(services)));
        var day = JapanTime.Date(publication.PublishOn!.Value);
        if (published.IsUnchanged)
        {
            run.Say((isVisible ? CommandText.NoticesUnchanged : NoticePlanText.SameAsPlanned).With(publication.Month, day));
        }
        else if (isVisible)
        {
            run.Say(NoticePlanText.Visible.With(publication.Month, publication.People));
            TellMails(run, services);
        }
        else
        {
            run.Say(NoticePlanText.Planned.With(publication.Month, day, publication.People));
        }
    }

    private static void TellMails(CommandRun run, IServiceProvider services)
    {
        var (hours, now) = (services.GetRequiredService<NoticeHours>(), services.GetRequiredService<TimeProvider>().GetUtcNow());
        run.Say(hours.MayLeave(MailLane.Notice, now) ? NoticePlanText.MailsNow
            : hours.DueDay(now) < JapanTime.DateOf(now) ? NoticePlanText.MailsToday
            : NoticePlanText.MailsTomorrow);
    }

    private static DateOnly Today(IServiceProvider services) => JapanTime.DateOf(services.GetRequiredService<TimeProvider>().GetUtcNow());

    private static void Say(CommandRun run, string format, int count)
    {
        if (count > 0)
        {
            run.Say(format.With(count));
        }
    }
}
