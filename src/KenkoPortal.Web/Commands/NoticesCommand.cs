using System.CommandLine;
using System.Globalization;
using KenkoPortal.Claims;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Web.Commands;

/// <summary><c>notices compute</c>, <c>publish</c>, <c>reschedule</c>, <c>unplan</c>, <c>withdraw</c>, <c>show</c>, <c>seen</c> and <c>list</c>: the month's work with the notices.</summary>
internal static class NoticesCommand
{
    /// <summary>Claims named of each sort; the rest is counted.</summary>
    private const int MostShown = 100;

    public static Command Build(CommandFrame frame) => new("notices", CommandText.Notices)
    {
        Compute(frame), Publish(frame), NoticePlanCommands.Reschedule(frame), NoticePlanCommands.Unplan(frame), Withdraw(frame), Show(frame), NoticePlanCommands.Seen(frame), List(frame),
    };

    private static Command Compute(CommandFrame frame)
    {
        var command = new Command("compute", CommandText.NoticesCompute) { frame.Society };
        var month = CommandFrame.Month(command);
        frame.SetAction(command, run =>
        {
            var wanted = run.Month(month);
            return run.InSocietyAsync(async (services, _) =>
            {
                services.GetRequiredService<PublicationService>().RefuseUnfinished(wanted);
                var check = await run.Progress.ShowAsync(
                    CommandText.NoticesWorking, done => services.GetRequiredService<NoticeComputation>().ComputeAsync(wanted, done, run.Cancellation));
                Tell(run, check);
                return PortalCommandLine.Done;
            });
        });
        return command;
    }

    private static Command Publish(CommandFrame frame)
    {
        var command = new Command("publish", CommandText.NoticesPublish) { frame.Society };
        var month = CommandFrame.Month(command);
        var on = new Option<string?>("--on") { Description = CommandText.NoticesOn, HelpName = "YYYY-MM-DD" };
        command.Options.Add(on);
        CommandFrame.Check(on, text => NoticePlanCommands.TryDay(text, out _), CommandText.NoticesOnForm);
        frame.SetAction(command, run =>
        {
            var wanted = run.Month(month);
            DateOnly? day = NoticePlanCommands.TryDay(run.Value(on), out var given) ? given : null;
            return run.InSocietyAsync(async (services, _) =>
            {
                var service = services.GetRequiredService<PublicationService>();
                service.RefuseUnfinished(wanted);
                var published = await service.PublishAsync(wanted, day, withMails: true, run.Cancellation);
                NoticePlanCommands.Tell(run, services, published);
                if (published.ReplacedId is not null)
                {
                    run.Say(CommandText.NoticesReplaced);
                }

                if (published.ClaimsSince > 0)
                {
                    run.Complain(CommandText.NoticesSince.With(published.ClaimsSince));
                }

                return PortalCommandLine.Done;
            });
        });
        return command;
    }

    private static Command Withdraw(CommandFrame frame)
    {
        var command = new Command("withdraw", CommandText.NoticesWithdraw) { frame.Society };
        var month = CommandFrame.Month(command);
        var json = new Option<bool>("--json") { Description = CommandText.NoticesJson };
        command.Options.Add(json);
        frame.SetAction(command, run =>
        {
            var wanted = run.Month(month);
            return run.InSocietyAsync(async (services, _) =>
            {
                var withdrawn = await services.GetRequiredService<PublicationService>().WithdrawAsync(wanted, run.Cancellation);
                if (run.Value(json))
                {
                    foreach (var seen in withdrawn.Seen)
                    {
                        run.Say(NoticeJson.Line(seen));
                    }
                }
                else
                {
                    Tell(run, wanted, withdrawn);
                }

                return PortalCommandLine.Done;
            });
        });
        return command;
    }

    private static Command Show(CommandFrame frame)
    {
        var command = new Command("show", CommandText.NoticesShow) { frame.Society };
        var card = CommandFrame.Required(command, "--card", "SYMBOL-NUMBER[-BRANCH]", CommandText.NoticesCard);
        CommandFrame.Check(card, text => CardIdentity.TryParseHousehold(text, out _) || CardIdentity.TryParsePerson(text, out _), PublicationText.CardForm);
        var month = CommandFrame.Month(command);
        var json = new Option<bool>("--json") { Description = CommandText.NoticesJson };
        var draft = new Option<bool>("--draft") { Description = CommandText.NoticesDraft };
        command.Options.Add(json);
        command.Options.Add(draft);
        frame.SetAction(command, run =>
        {
            var wanted = run.Month(month);
            return run.InSocietyAsync(async (services, _) =>
            {
                var all = await services.GetRequiredService<NoticeSupport>().ShowAsync(run.Value(card)!, wanted, run.Value(draft), run.Cancellation);
                foreach (var line in all.SelectMany(shown => run.Value(json) ? NoticeJson.Lines(shown) : Lines(shown)))
                {
                    run.Say(line);
                }

                if (all.Count == 0)
                {
                    run.Complain((run.Value(draft) ? CommandText.NoticesNoDraft : CommandText.NoticesNothingShown).With(wanted));
                }
                else if (all[0].Version is { PublishOn: { } on } publication && !publication.IsVisibleOn(JapanTime.DateOf(services.GetRequiredService<TimeProvider>().GetUtcNow())))
                {
                    run.Complain(CommandText.NoticesNotYet.With(JapanTime.Date(on)));
                }

                return PortalCommandLine.Done;
            });
        });
        return command;
    }

    private static Command List(CommandFrame frame)
    {
        var command = new Command("list", CommandText.NoticesList) { frame.Society };
        frame.SetAction(command, run => run.InSocietyAsync(async (services, _) =>
        {
            var all = await services.GetRequiredService<PublicationService>().ListAsync(run.Cancellation);
            var today = JapanTime.DateOf(services.GetRequiredService<TimeProvider>().GetUtcNow());
            foreach (var publication in all)
            {
                run.Say(Line(publication, today));
            }

            if (all.Count == 0)
            {
                run.Say(CommandText.NoticesListNone);
            }

            return PortalCommandLine.Done;
        }));
        return command;
    }

    private static void Tell(CommandRun run, NoticeCheck check)
    {
        run.Say(CommandText.NoticesComputed.With(check.Month, check.People, check.MedicalCostLines, check.GenericDrugLines));
        run.Say(check.DrugListsFrom is { } from ? CommandText.NoticesLists.With(JapanTime.Date(from)) : CommandText.NoticesNoLists);
        if (check.DrugListsFrom is not null && check.UnlinkedDrugRows > 0)
        {
            run.Say(CommandText.NoticesUnlinked.With(check.DrugRows, check.UnlinkedDrugRows));
        }

        SayCount(run, CommandText.NoticesMatchedNow, check.MatchedNow);
        SayCount(run, CommandText.NoticesUnknownShares, check.UnknownShares);
        TellNumbers(run, CommandText.NoticesFaulty.With(check.Faulty.Count), check.Faulty.Select(f => $"{f.Number}（{NameOf(f.Fault)}）").ToList());
        TellNumbers(run, CommandText.NoticesLeft.With(check.Left.Count), check.Left);
        if (check.Waiting.Count > 0)
        {
            run.Say(CommandText.NoticesWaiting.With(string.Join("、", check.Waiting.Select(w => $"{ClaimsCommand.NameOf(w.Key)} {w.Value}"))));
        }

        if (check.HasFewClaims)
        {
            run.Complain(CommandText.NoticesFew.With(check.Claims, check.UsualClaims));
        }

        if (check.IsReplacement)
        {
            TellDifferences(run, CommandText.NoticesMedicalCost, check.MedicalCostDifferences);
            TellDifferences(run, CommandText.NoticesGenericDrug, check.GenericDrugDifferences);
            if (check.MedicalCostDifferences.Count + check.GenericDrugDifferences.Count == 0)
            {
                run.Say(CommandText.NoticesSame);
            }
        }

        if (check.MedicalCostLines + check.GenericDrugLines > 0)
        {
            run.Say(CommandText.NoticesNext.With(check.Month));
        }
    }

    private static void TellDifferences(CommandRun run, string kind, IReadOnlyDictionary<LineDifference, IReadOnlyList<string>> differences)
    {
        foreach (var (difference, numbers) in differences)
        {
            TellNumbers(run, CommandText.NoticesDifference.With(kind, NameOf(difference), numbers.Count), numbers);
        }
    }

    private static void Tell(CommandRun run, TreatmentMonth month, WithdrawOutcome withdrawn)
    {
        run.Say(CommandText.NoticesWithdrawn.With(month));
        SayCount(run, NoticePlanText.MailsSent, withdrawn.MailsSent);
        SayCount(run, CommandText.NoticesMailsStopped, withdrawn.MailsStopped);
        if (withdrawn.Seen.Count == 0)
        {
            run.Say(CommandText.NoticesNobodySaw);
            return;
        }

        run.Say(CommandText.NoticesSeen.With(withdrawn.Seen.Select(s => s.ViewerId).Distinct().Count()));
        foreach (var seen in withdrawn.Seen)
        {
            var kind = seen.Kind == NoticeKind.MedicalCost ? CommandText.NoticesMedicalCost : CommandText.NoticesGenericDrug;
            var format = seen.ViewerId == seen.OwnerId ? CommandText.NoticesSeenOwn : CommandText.NoticesSeenOther;
            run.Say("  " + format.With(JapanTime.DateAndClock(seen.SeenAt), seen.ViewerCard, kind, seen.OwnerCard) + (seen.IsEarlier ? CommandText.NoticesSeenEarlier : ""));
        }
    }

    private static void SayCount(CommandRun run, string format, int count)
    {
        if (count > 0)
        {
            run.Say(format.With(count));
        }
    }

    private static void TellNumbers(CommandRun run, string heading, IReadOnlyList<string> numbers)
    {
        if (numbers.Count == 0)
        {
            return;
        }

        run.Say(heading);
        foreach (var number in numbers.Take(MostShown))
        {
            run.Say("  " + number);
        }

        if (numbers.Count > MostShown)
        {
            run.Say("  " + CommandText.ClaimsMore.With(numbers.Count - MostShown));
        }
    }

    private static IEnumerable<string> Lines(ShownNotices shown)
    {
        foreach (var (_, line) in shown.MedicalCosts)
        {
            var patient = line.Amounts.PatientYen is { } yen ? CommandText.NoticesYen.With(yen) : CommandText.NoticesAtMost.With(line.Amounts.UpperBoundYen);
            yield return CommandText.NoticesCostLine.With(shown.Card, line.Month, NoticeWords.Of(line.Care), line.InstitutionName, NoticeWords.Days(line.Care, line.Days), line.Amounts.TotalYen, patient);
        }

        foreach (var line in shown.GenericDrugs)
        {
            yield return CommandText.NoticesDrugLine.With(
                shown.Card, line.Month, line.DrugName + " " + line.Quantity.ToString("0.#####", CultureInfo.InvariantCulture), line.Unit, line.CostYen, line.LeastSavingYen, line.MostSavingYen);
        }
    }

    private static string Line(NoticeVersion publication, DateOnly today)
    {
        var dates = string.Concat(
            publication.PublishOn is { } on ? (IsPlanned(publication, today) ? NoticePlanText.ListPlanned : NoticePlanText.ListVisible).With(JapanTime.Date(on)) : "",
            publication.MailedAt is { } mailed ? CommandText.NoticesListMailed.With(JapanTime.DateAndClock(mailed)) : "",
            publication.EndedAt is { } ended
                ? (publication.State == PublicationState.Withdrawn ? NoticePlanText.ListWithdrawn : NoticePlanText.ListSuperseded).With(JapanTime.DateAndClock(ended))
                : "");
        return CommandText.NoticesListLine.With(
            publication.Month, NameOf(publication, today), publication.People, publication.MedicalCostLines, publication.GenericDrugLines,
            JapanTime.DateAndClock(publication.ComputedAt), dates);
    }

    private static bool IsPlanned(NoticeVersion publication, DateOnly today) => publication.State == PublicationState.Published && !publication.IsVisibleOn(today);

    private static string NameOf(NoticeVersion publication, DateOnly today) => publication.State switch
    {
        PublicationState.Computed => CommandText.StateComputed,
        PublicationState.Published => IsPlanned(publication, today) ? NoticePlanText.StatePlanned : NoticePlanText.StateVisible,
        PublicationState.Superseded => CommandText.StateSuperseded,
        _ => CommandText.StateWithdrawn,
    };

    private static string NameOf(LineFault fault) => fault switch
    {
        LineFault.SumsDiffer => CommandText.FaultSums,
        LineFault.ShareUnexplained => CommandText.FaultShare,
        _ => CommandText.FaultMeals,
    };

    private static string NameOf(LineDifference difference) => difference switch
    {
        LineDifference.Added => CommandText.NoticesAdded,
        LineDifference.Changed => CommandText.NoticesChanged,
        _ => CommandText.NoticesGone,
    };
}
