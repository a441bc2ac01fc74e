using KenkoPortal.Claims;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.GenericDrugs.Import;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.ReceivedClaims.Import;
using KenkoPortal.Core.Societies;
using KenkoPortal.Demo;
using KenkoPortal.Design.TagHelpers;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Web.Commands;

/// <summary>
/// A year of notices for the demo's people, as a society comes by them: deliveries of claims written by the generator, imported, and each month
/// computed and published on its day, the newest being the newest that is public today. What was done before an interruption is not done again.
/// </summary>
internal sealed class DemoNotices(CommandRun run, IServiceProvider services, Society society, string dataFolder)
{
    private const int Months = 12;

    /// <summary>The deliveries stay there: <c>./kenko claims show</c> and <c>import</c> can be tried with them.</summary>
    private const string Deliveries = "demo-claims";

    private readonly DateOnly _today = JapanTime.DateOf(services.GetRequiredService<TimeProvider>().GetUtcNow());

    /// <param name="folder">The demo's folder.</param>
    public Task LoadAsync(string folder) => run.Progress.ShowAsync(CommandText.DemoNotices, async done =>
    {
        var newest = Newest();
        await ImportDrugListsAsync(Path.Combine(folder, "drugs"), MonthOf(newest.Add(1 - Months)).FirstDay);
        await ImportClaimsAsync(Path.Combine(folder, "members.csv"), newest);
        for (var back = Months - 1; back >= 0; back--)
        {
            await PublishAsync(newest.Add(-back));
            done.Report((Months - back) / (double)Months);
        }

        return true;
    });

    /// <summary>The newest month of treatment whose day of publication has come.</summary>
    private DemoMonth Newest()
    {
        var month = DemoMonth.Of(_today).Add(-2);
        return NoticeCalendar.UsualDay(MonthOf(month), society.NoticeDay) <= _today ? month : month.Add(-1);
    }

    /// <summary>The excerpt, from the first of the months on, whatever year it is: a demo needs prices, not those of its day.</summary>
    private async Task ImportDrugListsAsync(string folder, DateOnly from)
    {
        await using var scope = services.GetRequiredService<SocietyScopes>().OpenForScheduling();
        if (!Directory.Exists(folder) || await scope.ServiceProvider.GetRequiredService<PortalContext>().DrugEditions.AnyAsync(run.Cancellation))
        {
            return;
        }

        await using var prices = CommandFiles.OpenToRead(Path.Combine(folder, "price.csv"));
        await using var availability = CommandFiles.OpenToRead(Path.Combine(folder, "availability.csv"));
        await using var master = CommandFiles.OpenToRead(Path.Combine(folder, "master.csv"));
        var outcome = await scope.ServiceProvider.GetRequiredService<DrugListImport>().ImportAsync(
            [new DrugListSource(prices.Name, prices)], new DrugListSource(availability.Name, availability), new DrugListSource(master.Name, master), from, CommandRun.Act, run.Cancellation);
        if (outcome.Verdict == DrugListVerdict.HasErrors)
        {
            throw new PortalInputException(string.Join('\n', [.. outcome.Errors.Select(e => e.Error.Render(e.File)), CommandText.DemoFailed.With(folder)]));
        }
    }

    private async Task ImportClaimsAsync(string list, DemoMonth newest)
    {
        await using var scope = services.GetRequiredService<SocietyScopes>().Open(society, CommandRun.Act);
        if (await scope.ServiceProvider.GetRequiredService<PortalContext>().ImportRuns.AnyAsync(r => r.Format == ClaimFilesImport.Format, run.Cancellation))
        {
            return;
        }

        var deliveries = Path.Combine(dataFolder, Deliveries);
        if (Directory.Exists(deliveries))
        {
            Directory.Delete(deliveries, recursive: true);
        }

        PrivateFiles.CreateDirectory(deliveries);
        var options = new DemoOptions { People = () => DemoPeople.Read(list), Until = newest, Months = Months, Drugs = DemoDrugs.Own() };
        try
        {
            foreach (var _ in DemoDeliveries.Write(deliveries, options))
            {
                run.Cancellation.ThrowIfCancellationRequested();
            }
        }
        catch (FormatException)
        {
            // A demo of somebody else's, whose list the generator does not know how to read: it has members and letters all the same.
            run.Complain(CommandText.DemoBadMembers.With(list));
        }

        var files = ClaimDelivery.Find(deliveries).Claims;
        await scope.ServiceProvider.GetRequiredService<ClaimFilesImport>().ImportAsync(files, isDryRun: false, run.Cancellation);
    }

    /// <summary>Published on its day, which is over: whoever comes later finds the notices, and is told nothing by mail of months ago.</summary>
    private async Task PublishAsync(DemoMonth demoMonth)
    {
        var month = MonthOf(demoMonth);
        await using var scope = services.GetRequiredService<SocietyScopes>().Open(society, CommandRun.Act);
        var db = scope.ServiceProvider.GetRequiredService<PortalContext>();
        if (await db.Publications.AnyAsync(p => p.Month == month && p.State != PublicationState.Computed, run.Cancellation))
        {
            return;
        }

        var check = await scope.ServiceProvider.GetRequiredService<NoticeComputation>().ComputeAsync(month, cancellationToken: run.Cancellation);
        if (check.MedicalCostLines + check.GenericDrugLines == 0)
        {
            return;
        }

        await scope.ServiceProvider.GetRequiredService<PublicationService>()
            .PublishAsync(month, NoticeCalendar.UsualDay(month, society.NoticeDay), withMails: false, run.Cancellation);
    }

    private static TreatmentMonth MonthOf(DemoMonth month) => new(month.Year, month.Number);
}
