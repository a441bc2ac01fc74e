using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Societies;
using KenkoPortal.Design.TagHelpers;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Web.Commands;

/// <summary><c>audit list</c>: who did what, such as who looked at a person's notices. <c>audit verify</c>: recomputes the chains, and compares with a head that was kept elsewhere.</summary>
internal static class AuditCommand
{
    private const int UsualMost = 100;

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Build(CommandFrame frame) => new("audit", CommandText.Audit) { List(frame), Verify(frame) };

    private static Command List(CommandFrame frame)
    {
        var card = new Option<string?>("--card") { Description = CommandText.AuditCard, HelpName = "SYMBOL-NUMBER-BRANCH" };
        var day = new Option<string?>("--day") { Description = CommandText.AuditDay, HelpName = "YYYY-MM-DD" };
        var kind = new Option<string?>("--kind") { Description = CommandText.AuditKindOption, HelpName = "KIND" };
        var most = CommandFrame.Number("--most", "N", CommandText.AuditMost.With(UsualMost));
        CommandFrame.Check(card, text => CardIdentity.TryParsePerson(text, out _), CommandText.AccountCardForm);
        CommandFrame.Check(day, text => TryParseDay(text, out _), CommandText.AuditDayForm);
        CommandFrame.Check(kind, text => TryParseKind(text, out _), CommandText.AuditKindUnknown.With("{0}", string.Join(", ", Enum.GetNames<AuditKind>())));
        CommandFrame.Check(most, text => !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) || n > 0, CommandText.AuditMostForm);
        var json = new Option<bool>("--json") { Description = AuditCommandText.Json };
        var command = new Command("list", AuditCommandText.List) { frame.Society, card, day, kind, most, json };
        frame.SetAction(command, run => run.InSocietyAsync(async (services, _) =>
        {
            Guid? person = run.Value(card) is { } asked ? await AccountCommands.FindAsync(run, services.GetRequiredService<AccountSupport>(), asked) : null;
            DateTimeOffset? from = TryParseDay(run.Value(day), out var date) ? new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), JapanTime.Offset) : null;
            var question = new AuditQuestion(from, from?.AddDays(1), person, TryParseKind(run.Value(kind), out var only) ? only : null, run.Value(most) ?? UsualMost);
            var events = await services.GetRequiredService<AuditReading>().ListAsync(question, run.Cancellation);
            foreach (var shown in events)
            {
                run.Say(run.Value(json) ? Line(shown.Event) : AuditWords.Sentence(shown));
            }

            run.Complain(events.Count == question.Most ? CommandText.AuditListedMost.With(events.Count) : CommandText.AuditListed.With(events.Count));
            return PortalCommandLine.Done;
        }));
        return command;
    }

    /// <summary>An event as a line of JSON, for scripts: ids and kinds, no name.</summary>
    private static string Line(AuditEvent e) => JsonSerializer.Serialize(
        new { id = e.Id, at = e.At.UtcDateTime, kind = e.Kind.ToString(), actor = e.Actor, subject = e.SubjectId, detail = e.Detail }, Json);

    private static bool TryParseDay(string? text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    private static bool TryParseKind(string? text, out AuditKind kind) =>
        Enum.TryParse(text, ignoreCase: true, out kind) && Enum.IsDefined(kind) && !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    private static Command Verify(CommandFrame frame)
    {
        var head = new Option<string?>("--head") { Description = CommandText.AuditHead, HelpName = "LENGTH:HASH" };
        var command = new Command("verify", CommandText.AuditVerify) { frame.Society, head };
        frame.SetAction(command, async run =>
        {
            var kept = Parse(run.Value(head));
            await using var portal = await run.OpenAsync(Opening.Existing);
            var isOne = kept is not null || run.IsGiven(frame.Society);
            var societies = isOne ? [await run.FindSocietyAsync(portal.Services, run.Value(frame.Society))] : await run.AllSocietiesAsync(portal.Services);
            if (societies.Count == 0)
            {
                run.Complain(SocietyText.NoneYet);
                run.ComplainPlace();
            }

            var isWhole = true;
            foreach (var society in societies)
            {
                isWhole &= await VerifyAsync(run, portal.Services, society, kept);
            }

            return isWhole ? PortalCommandLine.Done : PortalCommandLine.Refused;
        });
        return command;
    }

    private static async Task<bool> VerifyAsync(CommandRun run, IServiceProvider services, Society society, KeptHead? kept)
    {
        await using var scope = services.GetRequiredService<SocietyScopes>().Open(society, CommandRun.Act);
        var report = await run.Progress.ShowAsync(
            CommandText.AuditWorking.With(society.Key),
            _ => scope.ServiceProvider.GetRequiredService<AuditSealing>().VerifyAsync(run.Cancellation));
        run.Say(CommandText.AuditReport.With(society.Key, report.Sealed, report.Unsealed));
        run.Say(CommandText.AuditKeep.With(society.Key, $"{report.Sealed}:{report.Head}"));
        foreach (var cut in report.Cuts)
        {
            run.Complain(UpkeepText.Cut.With(society.Key, cut.Before, cut.After, JapanTime.DateAndClock(cut.MadeAt), cut.Hash));
        }

        foreach (var fault in report.Faults)
        {
            run.Complain(CommandText.AuditFault.With(society.Key, fault.Sequence, fault.Kind switch
            {
                AuditFaultKind.Missing => CommandText.AuditMissing,
                AuditFaultKind.Changed => CommandText.AuditChanged,
                _ => CommandText.AuditCutOff,
            }));
        }

        var isAsKept = kept is null || await IsAsKeptAsync(scope.ServiceProvider.GetRequiredService<PortalContext>(), kept, run.Cancellation);
        if (!isAsKept)
        {
            run.Complain(CommandText.AuditOtherHead.With(society.Key, kept!.Length));
        }

        if (report.Faults.Count == 0 && isAsKept)
        {
            run.Say(kept is null ? CommandText.AuditWhole.With(society.Key) : CommandText.AuditWholeAsKept.With(society.Key, kept.Length));
            return true;
        }

        return false;
    }

    /// <summary>An event that was the head once still stands at its place with the same hash, however long the chain is by now.</summary>
    private static async Task<bool> IsAsKeptAsync(PortalContext db, KeptHead kept, CancellationToken cancellationToken)
    {
        if (kept.Length == 0)
        {
            return kept.Hash.All(b => b == 0);
        }

        var hash = await db.AuditEvents.AsNoTracking().Where(e => e.Sequence == kept.Length).Select(e => e.Hash).SingleOrDefaultAsync(cancellationToken);
        return hash is not null && hash.AsSpan().SequenceEqual(kept.Hash);
    }

    private static KeptHead? Parse(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var parts = text.Trim().Split(':');
        var hash = new byte[32];
        return parts is [var length, { Length: 64 } hex]
            && long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && Convert.FromHexString(hex, hash, out _, out _) == System.Buffers.OperationStatus.Done
            ? new KeptHead(count, hash)
            : throw new PortalInputException(CommandText.AuditHeadForm);
    }

    private sealed record KeptHead(long Length, byte[] Hash);
}
