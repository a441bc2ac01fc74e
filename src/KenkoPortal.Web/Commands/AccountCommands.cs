using System.CommandLine;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Members;
using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Web.Commands;

/// <summary><c>account show</c>, <c>unlock</c>, <c>suspend</c>, <c>resume</c>, <c>remove</c> and <c>close-sharing</c>: what the help desk may see and do.</summary>
internal static class AccountCommands
{
    public static Command Build(CommandFrame frame) => new("account", CommandText.Account)
    {
        Show(frame),
        ObjectionCommand.Build(frame),
        Change(frame, "unlock", CommandText.AccountUnlock, CommandText.AccountUnlocked, (support, person, c) => support.UnlockAsync(person, c)),
        Change(frame, "suspend", CommandText.AccountSuspend, CommandText.AccountSuspended, (support, person, c) => support.SuspendAsync(person, c)),
        Change(frame, "resume", CommandText.AccountResume, CommandText.AccountResumed, (support, person, c) => support.ResumeAsync(person, c)),
        Change(frame, "remove", CommandText.AccountRemove, CommandText.AccountRemoved, (support, person, c) => support.RemoveAsync(person, c)),
    };

    private static Command Show(CommandFrame frame)
    {
        var command = new Command("show", CommandText.AccountShow) { frame.Society };
        var card = Card(command);
        frame.SetAction(command, run => run.InSocietyAsync(async (services, society) =>
        {
            var support = services.GetRequiredService<AccountSupport>();
            var person = await FindAsync(run, support, card);
            foreach (var (label, value) in Lines(await support.ShowAsync(person, run.Cancellation), JapanTime.DateOf(services.GetRequiredService<TimeProvider>().GetUtcNow())))
            {
                run.Say($"{label}: {value}");
            }

            return PortalCommandLine.Done;
        }));
        return command;
    }

    private static Command Change(
        CommandFrame frame, string name, string description, string done, Func<AccountSupport, Guid, CancellationToken, Task<bool>> change)
    {
        var command = new Command(name, description) { frame.Society };
        var card = Card(command);
        frame.SetAction(command, run => run.InSocietyAsync(async (services, society) =>
        {
            var support = services.GetRequiredService<AccountSupport>();
            var person = await FindAsync(run, support, card);
            if (!await change(support, person, run.Cancellation))
            {
                throw new PortalInputException(CommandText.AccountNone);
            }

            run.Say(done);
            return PortalCommandLine.Done;
        }));
        return command;
    }

    private static Option<string> Card(Command command) =>
        CommandFrame.Required(command, "--card", "SYMBOL-NUMBER-BRANCH", CommandText.AccountCard);

    private static Task<Guid> FindAsync(CommandRun run, AccountSupport support, Option<string> option) => FindAsync(run, support, run.Value(option));

    /// <exception cref="PortalInputException">Nobody holds such a card, or ever held it.</exception>
    public static async Task<Guid> FindAsync(CommandRun run, AccountSupport support, string? text)
    {
        if (!CardIdentity.TryParsePerson(text, out var card))
        {
            throw new PortalInputException(CommandText.AccountCardForm);
        }

        return await support.FindPersonAsync(card.Symbol.Key, card.Number.Key, card.Branch!.Value, run.Cancellation)
            ?? throw new PortalInputException(CommandText.AccountCardUnknown.With(card));
    }

    private static IEnumerable<(string Label, string Value)> Lines(AccountState state, DateOnly today)
    {
        yield return (CommandText.StateMembership, state.LostOn is { } lost ? (lost > today ? CommandText.StateLosing : CommandText.StateLost).With(JapanTime.Date(lost)) : CommandText.StateMember);
        yield return (CommandText.StateProtected, state.IsProtected ? CommandText.Yes : CommandText.No);
        yield return (CommandText.StateAccount, state.RegisteredAt is { } registered ? CommandText.StateRegistered.With(JapanTime.DateAndClock(registered)) : CommandText.StateNone);
        if (state.AccountId is not null)
        {
            yield return (CommandText.StateLastLogin, Moment(state.LastLoginAt));
            yield return (CommandText.StateSuspended, state.SuspendedAt is { } since ? CommandText.StateSince.With(JapanTime.DateAndClock(since)) : CommandText.No);
            yield return (CommandText.StateFailures, state.FailuresInRow >= LoginThrottle.MostFailures
                ? CommandText.StateShut.With(state.FailuresInRow)
                : CommandText.StateCount.With(state.FailuresInRow));
            yield return (CommandText.StateWait, Moment(state.WaitUntil));
            yield return (CommandText.StateAddresses, CommandText.StateAddressCount.With(state.Addresses, state.BouncedAddresses));
            yield return (ProtectionText.StateShared, ProtectionText.StateSharedCount.With(state.SharedAddresses));
            yield return (ProtectionText.StateUntrusted, ProtectionText.StateSharedCount.With(state.UntrustedAddresses));
            yield return (ProtectionText.StateMadeBy, MadeBy(state));
            yield return (ProtectionText.StateWaits, state.WaitsSince is { } waits ? ProtectionText.StateWaitsSince.With(JapanTime.DateAndClock(waits)) : CommandText.No);
        }

        yield return (CommandText.StateLetter, state.LetterIssuedAt is null ? CommandText.StateNone : $"{Moment(state.LetterIssuedAt)}（{KindOf(state.LetterIssued)}）");
        yield return (CommandText.StateLetterValid, Moment(state.LetterValidUntil));
    }

    private static string MadeBy(AccountState state) => state.RecoveredAt is { } recovered
        ? ProtectionText.StateRecovered.With(JapanTime.DateAndClock(recovered))
        : KindOf(state.Letter) + (state.IsUnderHouseholdLink ? ProtectionText.StateHouseholdLink : "");

    private static string KindOf(LetterKind? kind) => kind switch
    {
        LetterKind.Own => ProtectionText.LetterOwn,
        LetterKind.Recovery => ProtectionText.LetterRecovery,
        _ => ProtectionText.LetterHousehold,
    };

    private static string Moment(DateTimeOffset? at) => at is { } moment ? JapanTime.DateAndClock(moment) : CommandText.StateNone;
}
