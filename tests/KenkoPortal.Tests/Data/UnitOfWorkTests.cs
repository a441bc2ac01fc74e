using KenkoPortal.Core.Data;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Data;

public sealed class UnitOfWorkTests
{
    [Theory, OnEveryDatabase(OnlyPostgres = true)]
    public async Task Two_writers_that_lock_each_other_out_are_both_committed_in_the_end(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        var people = await new Residents(portal.Services, society).AddHouseholdAsync(_ => { }, "本人", "妻");
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        await Task.WhenAll(
            WriteAsync(portal, society, people[0].Id, people[1].Id, first, second, "a"),
            WriteAsync(portal, society, people[1].Id, people[0].Id, second, first, "b"));
        var marks = await portal.ReadAsync(society, db => db.Persons.Select(p => p.Workplace).ToListAsync());
        Assert.All(marks, mark => Assert.Equal("ab", string.Concat(mark!.Order())));
    }

    /// <summary>Adds a mark to one person and then to another, holding the first until the other writer has taken the second.</summary>
    private static Task WriteAsync(TestPortal portal, Society society, Guid one, Guid two, TaskCompletionSource mine, TaskCompletionSource theirs, string mark) =>
        portal.InAsync(society, async services =>
        {
            var (db, work) = (services.GetRequiredService<PortalContext>(), services.GetRequiredService<UnitOfWork>());
            await work.CommitAsync(
                async () =>
                {
                    await MarkAsync(db, one, mark);
                    mine.TrySetResult();
                    await theirs.Task;
                    await MarkAsync(db, two, mark);
                },
                TestContext.Current.CancellationToken);
        });

    private static async Task MarkAsync(PortalContext db, Guid id, string mark)
    {
        await db.Persons.Where(p => p.Id == id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Name, mark));
        var person = await db.Persons.SingleAsync(p => p.Id == id);
        person.Workplace = (person.Workplace ?? "") + mark;
        await db.SaveChangesAsync();
    }
}
