using System.Text.Json;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Members.Import;
using KenkoPortal.Core.Printing;
using KenkoPortal.Core.Societies;
using KenkoPortal.Design.TagHelpers;
using KenkoPortal.Web.Infrastructure.Hosting;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Web.Commands;

/// <summary>
/// The fictional society of <c>demo/</c>, loaded by the same services as a real one: <c>society.json</c> (the settings by the names that
/// <c>society add</c> gives them, and <c>key</c>), <c>members.csv</c>, a year of notices (<see cref="DemoNotices"/>), and letters for everybody.
/// </summary>
internal sealed class DemoSociety
{
    private const string LettersFile = "letters-demo.pdf";

    /// <summary>Stands in the data folder while the demo is being loaded, so that the next start completes what was interrupted.</summary>
    private const string Unfinished = "demo-unfinished";

    private readonly string _letters;

    private DemoSociety(string letters) => _letters = letters;

    /// <returns>Null where no demo is there to be tried.</returns>
    public static async Task<DemoSociety?> LoadAsync(CommandRun run, IServiceProvider services, PortalOptions options, string? folder)
    {
        var letters = Path.Combine(options.DataDirectory, LettersFile);
        var mark = Path.Combine(options.DataDirectory, Unfinished);
        if (folder is not null && (File.Exists(mark) || (await run.AllSocietiesAsync(services)).Count == 0))
        {
            await File.WriteAllTextAsync(mark, "", run.Cancellation);
            if (await LoadAsync(run, services, options, folder, letters))
            {
                File.Delete(mark);
            }
        }

        return File.Exists(letters) ? new DemoSociety(letters) : null;
    }

    /// <summary>Says what to try first. Its query is Entity Framework's first: the start does not wait for it.</summary>
    public async Task TellAsync(CommandRun run, IServiceProvider services, int port)
    {
        run.Say(CommandText.DemoLetters.With(_letters));
        run.Say(CommandText.DemoTry.With(await FirstCardAsync(run, services), $"http://localhost:{port}", run.DataHint));
    }

    /// <returns>False while letters are still to be made.</returns>
    private static async Task<bool> LoadAsync(CommandRun run, IServiceProvider services, PortalOptions options, string folder, string letters)
    {
        run.Say(CommandText.DemoLoading);
        var (key, settings) = await ReadSettingsAsync(Path.Combine(folder, "society.json"), run.Cancellation);
        var society = (await run.AllSocietiesAsync(services)).SingleOrDefault(s => s.Key == key);
        if (society is null)
        {
            society = SocietySettings.Create(key, settings, host => ServingPlace.DefaultOrigin(host, options.DataDirectory, options.Port));
            await SocietyCommands.AddAsync(services, society, run.Cancellation);
        }

        await ImportAsync(run, services, society, Path.Combine(folder, "members.csv"));
        await NewsCommand.AddFolderAsync(run, services, society, Path.Combine(folder, "news"));
        await new DemoNotices(run, services, society, options.DataDirectory).LoadAsync(folder);
        return await IssueAsync(run, services, society, letters);
    }

    private static async Task ImportAsync(CommandRun run, IServiceProvider services, Society society, string list)
    {
        await using var scope = services.GetRequiredService<SocietyScopes>().Open(society, CommandRun.Act);
        if (await scope.ServiceProvider.GetRequiredService<PortalContext>().ImportRuns.AnyAsync(run.Cancellation))
        {
            // Somebody may have imported something newer since.
            return;
        }

        var outcome = await MembersCommand.ImportAsync(scope.ServiceProvider, run.Progress, list, new MemberListImportOptions(), run.Cancellation);
        if (outcome.Verdict != MemberListVerdict.Applied)
        {
            throw new PortalInputException(string.Join('\n', [.. outcome.File.Errors.Select(error => error.Render(list)), CommandText.DemoFailed.With(list)]));
        }
    }

    private static async Task<bool> IssueAsync(CommandRun run, IServiceProvider services, Society society, string letters)
    {
        await using var scope = services.GetRequiredService<SocietyScopes>().Open(society, CommandRun.Act);
        try
        {
            var outcome = await LettersCommand.IssueAsync(scope.ServiceProvider, run.Progress, new LetterRequest(), letters, run.Cancellation);
            if (outcome.Report is null && !File.Exists(letters) && File.Exists(letters + ".part"))
            {
                // Killed between the commit and the file's name: the file was complete by then.
                File.Move(letters + ".part", letters);
            }

            return true;
        }
        catch (LetterFontsMissingException exception)
        {
            // The portal is worth a look without letters too; a start with the fonts makes them.
            run.Complain(exception.Message);
            return false;
        }
    }

    private static async Task<(string Key, Dictionary<string, string> Settings)> ReadSettingsAsync(string file, CancellationToken cancellationToken)
    {
        await using var stream = CommandFiles.OpenToRead(file);
        var settings = await JsonSerializer.DeserializeAsync<Dictionary<string, string>>(stream, cancellationToken: cancellationToken) ?? [];
        return settings.Remove("key", out var key) ? (key, settings) : throw new PortalInputException(SocietyText.Missing.With("key"));
    }

    /// <summary>The card of the first insured person: the first letter's.</summary>
    private static async Task<string?> FirstCardAsync(CommandRun run, IServiceProvider services)
    {
        var societies = await run.AllSocietiesAsync(services);
        if (societies.Count == 0)
        {
            return null;
        }

        await using var scope = services.GetRequiredService<SocietyScopes>().Open(societies[0], CommandRun.Act);
        var db = scope.ServiceProvider.GetRequiredService<PortalContext>();
        var first = await db.Persons.AsNoTracking().Where(p => p.Relationship == Relationship.Insured && p.LostOn == null && !p.IsProtected)
            .OrderBy(p => p.ListOrder).FirstOrDefaultAsync(run.Cancellation);
        var card = first is null
            ? null
            : await db.InsuranceCards.AsNoTracking().FirstOrDefaultAsync(c => c.PersonId == first.Id && c.ValidTo == null, run.Cancellation);
        return card is null ? null : $"{card.Symbol}-{card.Number}";
    }
}
