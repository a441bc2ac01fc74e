using System.CommandLine;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.Registration;
using KenkoPortal.Core.Reissue;
using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Web.Commands;

/// <summary><c>mail list</c>, <c>retry</c>, <c>cancel</c>, <c>marked</c> and <c>unmark</c>: what became of mails, and what staff can do about it.</summary>
internal static class MailCommands
{
    /// <summary>Mails that are shown one by one.</summary>
    private const int MostShown = 200;

    private static readonly Dictionary<string, MailLane> Lanes = new(StringComparer.Ordinal) { ["account"] = MailLane.Account, ["notice"] = MailLane.Notice };

    private static readonly Dictionary<string, MailState> States = new(StringComparer.Ordinal)
    {
        ["waiting"] = MailState.Waiting, ["sent"] = MailState.Sent, ["undelivered"] = MailState.Undelivered, ["unsent"] = MailState.NotSent,
    };

    /// <summary>Kinds of mails by what members read as their subject.</summary>
    private static readonly Dictionary<string, Func<string>> Subjects = new(StringComparer.Ordinal)
    {
        [RegistrationLinkMail.TemplateName] = () => RegistrationMailText.LinkSubject,
        [RegistrationFormMail.TemplateName] = () => RegistrationMailText.FormSubject,
        [PostmasterForward.TemplateName] = () => InboundMailText.PostmasterSubject,
        [AsksWaitMail.TemplateName] = () => InboundMailText.AsksWaitSubject,
        [RegisteredMail.TemplateName] = () => RegistrationMailText.RegisteredSubject,
        [RecoveredMail.TemplateName] = () => RegistrationMailText.RecoveredSubject,
        [RecoveryToldMail.TemplateName] = () => RegistrationMailText.RecoveryToldSubject,
        [StaffAlarmMail.TemplateName] = () => RegistrationMailText.AlarmSubject,
        [BounceAlarmMail.TemplateName] = () => BounceText.AlarmSubject,
        [ReissueLinkMail.TemplateName] = () => ReissueMailText.LinkSubject,
        [AddressConfirmationMail.TemplateName] = () => AccountMailText.AddressSubject,
        [AddressAskedMail.TemplateName] = () => AccountMailText.AddressAskedSubject,
        [PasswordChangedMail.TemplateName] = () => AccountMailText.PasswordChangedSubject,
        [ProfileChangedMail.TemplateName] = () => AccountMailText.ProfileChangedSubject,
        [AccountRemovedMail.TemplateName] = () => AccountMailText.AccountRemovedSubject,
        [NoticeMail.TemplateName] = () => PublicationText.MailSubject,
    };

    public static Command Build(CommandFrame frame) => new("mail", MailCommandText.Mail) { List(frame), Retry(frame), Cancel(frame), Marked(frame), Unmark(frame) };

    private static Command List(CommandFrame frame)
    {
        var command = new Command("list", MailCommandText.List) { frame.Society };
        var day = new Option<string?>("--day") { Description = MailCommandText.Day, HelpName = "YYYY-MM-DD" };
        var lane = new Option<string?>("--lane") { Description = MailCommandText.Lane, HelpName = "LANE" };
        var state = new Option<string?>("--state") { Description = MailCommandText.State, HelpName = "STATE" };
        var each = new Option<bool>("--each") { Description = MailCommandText.Each };
        CommandFrame.Check(day, text => NoticePlanCommands.TryDay(text, out _), MailCommandText.DayForm);
        CommandFrame.Check(lane, Lanes.ContainsKey, MailCommandText.LaneForm);
        CommandFrame.Check(state, States.ContainsKey, MailCommandText.StateForm);
        foreach (var option in new Option[] { day, lane, state, each })
        {
            command.Options.Add(option);
        }

        frame.SetAction(command, run => run.InSocietyAsync(async (services, _) =>
        {
            var question = new MailQuestion(
                NoticePlanCommands.TryDay(run.Value(day), out var wanted) ? wanted : null,
                run.Value(lane) is { } named ? Lanes[named] : null,
                run.Value(state) is { } asked ? States[asked] : null);
            var desk = services.GetRequiredService<MailDesk>();
            var isAny = run.Value(each)
                ? Tell(run, await desk.ListAsync(question, MostShown + 1, run.Cancellation))
                : Tell(run, await desk.CountAsync(question, run.Cancellation));
            if (!isAny)
            {
                run.Say(MailCommandText.None);
            }

            return PortalCommandLine.Done;
        }));
        return command;
    }

    private static Command Retry(CommandFrame frame)
    {
        var command = new Command("retry", MailCommandText.Retry) { frame.Society };
        var id = new Argument<string>("ID") { Description = MailCommandText.RetryId };
        id.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !Guid.TryParse(token.Value, out _))
            {
                result.AddError(MailCommandText.IdForm.With(PlainText.Shown(token.Value)));
            }
        });
        command.Arguments.Add(id);
        frame.SetAction(command, run => run.InSocietyAsync(async (services, _) =>
        {
            await services.GetRequiredService<MailDesk>().RetryAsync(Guid.Parse(run.Value(id)!), run.Cancellation);
            run.Say(MailCommandText.Retried);
            return PortalCommandLine.Done;
        }));
        return command;
    }

    private static Command Cancel(CommandFrame frame)
    {
        var command = new Command("cancel", MailCommandText.Cancel) { frame.Society };
        var month = CommandFrame.Month(command);
        frame.SetAction(command, run =>
        {
            var wanted = run.Month(month);
            return run.InSocietyAsync(async (services, _) =>
            {
                var stopped = await services.GetRequiredService<NoticeMailStop>().CancelAsync(wanted, run.Cancellation);
                if (stopped.IsNotQueued)
                {
                    run.Say(MailCommandText.NotQueued.With(wanted));
                }

                if (stopped.Cancelled > 0)
                {
                    run.Say(MailCommandText.Cancelled.With(wanted, stopped.Cancelled));
                }

                if (stopped.OnTheWay > 0)
                {
                    run.Complain(MailCommandText.OnTheWay.With(stopped.OnTheWay));
                }

                return PortalCommandLine.Done;
            });
        });
        return command;
    }

    private static Command Marked(CommandFrame frame)
    {
        var command = new Command("marked", MailCommandText.Marked) { frame.Society };
        frame.SetAction(command, run => run.InSocietyAsync(async (services, _) =>
        {
            var marked = await services.GetRequiredService<SuppressionList>().ListAsync(run.Cancellation);
            foreach (var address in marked)
            {
                run.Say(MailCommandText.MarkedLine.With(address.Card, address.MaskedAddress, JapanTime.Date(address.Since)));
            }

            if (marked.Count == 0)
            {
                run.Say(MailCommandText.MarkedNone);
            }

            return PortalCommandLine.Done;
        }));
        return command;
    }

    private static Command Unmark(CommandFrame frame)
    {
        var command = new Command("unmark", MailCommandText.Unmark) { frame.Society };
        var card = CommandFrame.Required(command, "--card", "SYMBOL-NUMBER-BRANCH", MailCommandText.Card);
        frame.SetAction(command, run => run.InSocietyAsync(async (services, _) =>
        {
            var person = await AccountCommands.FindAsync(run, services.GetRequiredService<AccountSupport>(), run.Value(card));
            var lifted = await services.GetRequiredService<SuppressionList>().LiftAsync(person, run.Cancellation);
            if (lifted == 0)
            {
                throw new PortalInputException(MailCommandText.UnmarkedNone);
            }

            run.Say(MailCommandText.Unmarked.With(lifted));
            return PortalCommandLine.Done;
        }));
        return command;
    }

    private static bool Tell(CommandRun run, IReadOnlyList<MailCount> counts)
    {
        foreach (var day in counts.GroupBy(c => c.Day))
        {
            run.Say(MailCommandText.DayLine.With(JapanTime.Date(day.Key)));
            foreach (var kind in day.GroupBy(c => (c.Lane, c.Template)))
            {
                var states = string.Join("、", kind.Select(c => MailCommandText.Count.With(NameOf(c.State, c.Reason), c.Mails)));
                run.Say(MailCommandText.CountLine.With(NameOf(kind.Key.Lane), NameOf(kind.Key.Template), states));
            }
        }

        return counts.Count > 0;
    }

    private static bool Tell(CommandRun run, IReadOnlyList<ShownMail> mails)
    {
        foreach (var shown in mails.Take(MostShown))
        {
            var mail = shown.Mail;
            var line = MailCommandText.EachLine.With(
                mail.Id, JapanTime.DateAndClock(mail.QueuedAt), NameOf(mail.Lane), NameOf(mail.Template), shown.MaskedAddress, NameOf(shown.State, mail.NotSent));
            run.Say(string.Concat(
                line,
                mail.Attempts > 0 ? MailCommandText.Attempts.With(mail.Attempts) : "",
                mail.RefusedAt is not null ? MailCommandText.Refused : "",
                shown.Code is { } code ? MailCommandText.Code.With(code) : ""));
        }

        if (mails.Count > MostShown)
        {
            run.Complain(MailCommandText.More);
        }

        return mails.Count > 0;
    }

    private static string NameOf(MailLane lane) => lane == MailLane.Account ? MailCommandText.LaneAccount : MailCommandText.LaneNotice;

    private static string NameOf(string template) => Subjects.TryGetValue(template, out var subject) ? subject() : template;

    private static string NameOf(MailState state, NotSentReason? reason) => state switch
    {
        MailState.Waiting => MailCommandText.StateWaiting,
        MailState.Sent => MailCommandText.StateSent,
        MailState.Undelivered => MailCommandText.StateUndelivered,
        _ => reason is { } why ? MailCommandText.ReasonLine.With(MailCommandText.StateNotSent, NameOf(why)) : MailCommandText.StateNotSent,
    };

    private static string NameOf(NotSentReason reason) => reason switch
    {
        NotSentReason.Expired => MailCommandText.ReasonExpired,
        NotSentReason.NothingToSay => MailCommandText.ReasonNothingToSay,
        NotSentReason.Refused => MailCommandText.ReasonRefused,
        NotSentReason.GivenUp => MailCommandText.ReasonGivenUp,
        NotSentReason.Cancelled => MailCommandText.ReasonCancelled,
        _ => MailCommandText.ReasonUnwritable,
    };
}
