using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Societies;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Support;

/// <summary>The people of a society, and what its staff does for them.</summary>
public sealed class Residents(IServiceProvider services, Society society)
{
    private static int s_households;

    /// <summary>A household of the given 続柄 in this order, each household with a card number of its own.</summary>
    /// <param name="change">What is different about each of them.</param>
    /// <param name="relationships">本人 first.</param>
    public async Task<IReadOnlyList<Person>> AddHouseholdAsync(Action<Person> change, params string[] relationships)
    {
        var household = new Household { SocietyId = society.Id };
        var number = Interlocked.Increment(ref s_households);
        var persons = relationships.Select((relationship, i) => PersonOf(household.Id, number, i, relationship)).ToList();
        persons.ForEach(change);
        await WriteAsync(db =>
        {
            db.Households.Add(household);
            db.Persons.AddRange(persons);
            db.InsuranceCards.AddRange(persons.Select((person, i) => new InsuranceCard
            {
                SocietyId = society.Id,
                PersonId = person.Id,
                Symbol = "港",
                SymbolKey = "港",
                Number = $"{number}",
                NumberKey = $"{number}",
                Branch = $"{i:D2}",
                ValidFrom = person.AcquiredOn,
            }));
        });
        return persons;
    }

    /// <summary>The credentials of a letter, as it would have printed them.</summary>
    public async Task<Letter> GiveLetterAsync(Person person, LetterKind kind = LetterKind.Household)
    {
        var (now, password) = (services.GetRequiredService<TimeProvider>().GetUtcNow(), ProvisionalPassword.Create());
        var keys = services.GetRequiredService<PortalKeys>();
        var id = ProvisionalId.FromSerial(System.Security.Cryptography.RandomNumberGenerator.GetInt32(10_000_000), society.InsurerNumber).Value;
        await WriteAsync(db =>
        {
            foreach (var older in db.ProvisionalCredentials.Where(c => c.PersonId == person.Id && c.VoidedAt == null && c.UsedAt == null))
            {
                older.VoidedAt = now;
            }

            db.ProvisionalCredentials.Add(new ProvisionalCredential
            {
                SocietyId = society.Id,
                PersonId = person.Id,
                ProvisionalId = id,
                PasswordMac = keys.Mac(KeyPurpose.ProvisionalPassword, ProvisionalPassword.Normalize(password)),
                Letter = kind,
                IssuedAt = now,
                ExpiresAt = now.AddDays(society.ProvisionalDays),
            });
        });
        return new Letter(id, password);
    }

    public Task<T> ReadAsync<T>(Func<PortalContext, Task<T>> read) => AsStaffAsync(s => read(s.GetRequiredService<PortalContext>()));

    public Task WriteAsync(Action<PortalContext> write) => AsStaffAsync(async scoped =>
    {
        // As the owner: the serving role may not change the society itself.
        var owner = scoped.GetRequiredService<OwnerWork>();
        await owner.Work.CommitAsync(() =>
        {
            write(owner.Db);
            return Task.CompletedTask;
        });
        return true;
    });

    /// <summary>Does something as the society's staff would on the command line.</summary>
    public async Task<T> AsStaffAsync<T>(Func<IServiceProvider, Task<T>> act)
    {
        await using var scope = services.GetRequiredService<SocietyScopes>().Open(society, actor => actor.IsSystemUser("test"));
        return await act(scope.ServiceProvider);
    }

    private Person PersonOf(Guid householdId, int number, int branch, string relationship)
    {
        var isChild = relationship.EndsWith('男') || relationship.EndsWith('女');
        return new Person
        {
            SocietyId = society.Id,
            HouseholdId = householdId,
            Name = $"港　試{number}{relationship}",
            Kana = "ミナト　タメシ",
            KanaKey = $"ミナトタメシ{number}-{branch}",
            Sex = branch % 2 == 0 ? Sex.Male : Sex.Female,
            BirthDate = isChild ? new DateOnly(2015, 6, 1) : new DateOnly(1960, 4, 1),
            Relationship = relationship,
            AcquiredOn = new DateOnly(2020, 4, 1),
            PostalCode = "231-0000",
            Address = "架空県みなと市1-1",
            ListOrder = (number * 100) + branch,
        };
    }
}

/// <summary>What a person reads off the letter.</summary>
public sealed record Letter(string ProvisionalId, string ProvisionalPassword);
