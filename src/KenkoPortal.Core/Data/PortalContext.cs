using System.Linq.Expressions;
using System.Reflection;
using KenkoPortal.Claims;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.GenericDrugs;
using KenkoPortal.Core.Jobs;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Core.MedicalCosts;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.News;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.ReceivedClaims;
using KenkoPortal.Core.Registration;
using KenkoPortal.Core.Reissue;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Core.Societies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace KenkoPortal.Core.Data;

/// <summary>
/// The database as one society sees it. Every tenant entity is filtered by <see cref="SocietyId"/>, and a write for another society
/// throws; PostgreSQL checks the same again by row-level security.
/// </summary>
public sealed class PortalContext(DbContextOptions<PortalContext> options) : DbContext(options)
{
    /// <summary>Name of the query filter that keeps societies apart. Only scheduling switches it off.</summary>
    public const string SocietyFilter = "Society";

    public DbSet<Society> Societies => Set<Society>();
    public DbSet<Person> Persons => Set<Person>();
    public DbSet<Household> Households => Set<Household>();
    public DbSet<FormerHousehold> FormerHouseholds => Set<FormerHousehold>();
    public DbSet<PersonJoin> PersonJoins => Set<PersonJoin>();
    public DbSet<InsuranceCard> InsuranceCards => Set<InsuranceCard>();
    public DbSet<MemberAccount> MemberAccounts => Set<MemberAccount>();
    public DbSet<AccountMailAddress> AccountMailAddresses => Set<AccountMailAddress>();
    public DbSet<AddressUse> AddressUses => Set<AddressUse>();
    public DbSet<AddressConfirmation> AddressConfirmations => Set<AddressConfirmation>();
    public DbSet<ProvisionalCredential> ProvisionalCredentials => Set<ProvisionalCredential>();
    public DbSet<ProvisionalFailure> ProvisionalFailures => Set<ProvisionalFailure>();
    public DbSet<PortalSession> PortalSessions => Set<PortalSession>();
    public DbSet<KnownDevice> KnownDevices => Set<KnownDevice>();
    public DbSet<RegistrationLink> RegistrationLinks => Set<RegistrationLink>();
    public DbSet<ReissueRequest> ReissueRequests => Set<ReissueRequest>();
    public DbSet<DisclosureSetting> DisclosureSettings => Set<DisclosureSetting>();
    public DbSet<HiddenClaim> HiddenClaims => Set<HiddenClaim>();
    public DbSet<HiddenInstitution> HiddenInstitutions => Set<HiddenInstitution>();
    public DbSet<ReceivedClaim> ReceivedClaims => Set<ReceivedClaim>();
    public DbSet<NoticeVersion> Publications => Set<NoticeVersion>();
    public DbSet<MedicalCostLine> MedicalCostLines => Set<MedicalCostLine>();
    public DbSet<GenericDrugLine> GenericDrugLines => Set<GenericDrugLine>();
    public DbSet<NoticeSight> NoticeSights => Set<NoticeSight>();
    public DbSet<DrugEdition> DrugEditions => Set<DrugEdition>();
    public DbSet<ListedDrug> ListedDrugs => Set<ListedDrug>();
    public DbSet<MasterDrug> MasterDrugs => Set<MasterDrug>();
    public DbSet<Article> Articles => Set<Article>();
    public DbSet<ArticleAttachment> ArticleAttachments => Set<ArticleAttachment>();
    public DbSet<ArticleSight> ArticleSights => Set<ArticleSight>();
    public DbSet<OutboxMail> OutboxMails => Set<OutboxMail>();
    public DbSet<MailAsk> MailAsks => Set<MailAsk>();
    public DbSet<BounceReport> BounceReports => Set<BounceReport>();
    public DbSet<PostmasterMail> PostmasterMails => Set<PostmasterMail>();
    public DbSet<AuditEvent> AuditEvents => Set<AuditEvent>();
    public DbSet<AuditChain> AuditChains => Set<AuditChain>();
    public DbSet<AuditTally> AuditTallies => Set<AuditTally>();
    public DbSet<ImportRun> ImportRuns => Set<ImportRun>();
    public DbSet<WaitingMail> WaitingMails => Set<WaitingMail>();
    public DbSet<WaitingAsk> WaitingAsks => Set<WaitingAsk>();
    public DbSet<WaitingBounce> WaitingBounces => Set<WaitingBounce>();
    public DbSet<UnsealedEvent> UnsealedEvents => Set<UnsealedEvent>();
    public DbSet<UnmailedNotice> UnmailedNotices => Set<UnmailedNotice>();
    public DbSet<JobLease> JobLeases => Set<JobLease>();
    public DbSet<Installation> Installations => Set<Installation>();

    /// <summary>
    /// The addresses that a mail about an account may go to: the one rule of every choice of recipients (row Z8). Not those that somebody else may read, and
    /// none of an account that waits for its person's own letter.
    /// </summary>
    public IQueryable<AccountMailAddress> TrustedAddresses =>
        AccountMailAddresses.Where(a => a.UntrustedAt == null && !MemberAccounts.Any(m => m.Id == a.AccountId && m.WaitsSince != null));

    /// <summary>The society that this context reads and writes.</summary>
    public Guid SocietyId => Current.Id;

    /// <inheritdoc cref="CurrentSociety"/>
    public CurrentSociety Current
    {
        get => field ?? throw new InvalidOperationException("The context was not given a society's scope.");
        private set;
    }

    /// <summary>Whether a row was written, since this was last set to false, that gives a job something to do.</summary>
    internal bool HasNewWork { get; set; }

    /// <summary>Gives the context, new or from the pool, to one scope. Until then it reads and writes nothing of any society.</summary>
    public PortalContext For(CurrentSociety current)
    {
        (Current, HasNewWork) = (current, false);

        // PostgreSQL learns the society with each transaction (SocietyOnConnection); a save without one would see no rows.
        Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;
        return this;
    }

    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        RefuseOtherSocieties();
        HasNewWork |= ChangeTracker.Entries<IWakesJobs>().Any(e => e.State == EntityState.Added);
        var isKept = ChangesWhatIsKept();
        var saved = base.SaveChanges(acceptAllChangesOnSuccess);
        if (isKept)
        {
            OwnSociety.ExecuteUpdate(Touch);
        }

        return saved;
    }

    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        RefuseOtherSocieties();
        HasNewWork |= ChangeTracker.Entries<IWakesJobs>().Any(e => e.State == EntityState.Added);
        var isKept = ChangesWhatIsKept();
        var saved = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        if (isKept)
        {
            await OwnSociety.ExecuteUpdateAsync(Touch, cancellationToken);
        }

        return saved;
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcInstant>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>();
        configurationBuilder.Properties<TreatmentMonth>().HaveConversion<MonthNumber>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(PortalContext).Assembly);
        ScheduledWork.Map(modelBuilder, Database.IsNpgsql());
        foreach (var entity in modelBuilder.Model.GetEntityTypes().Where(e => e.ClrType.IsAssignableTo(typeof(ITenantOwned))))
        {
            typeof(PortalContext).GetMethod(nameof(FilterBySociety), BindingFlags.Instance | BindingFlags.NonPublic)!
                .MakeGenericMethod(entity.ClrType).Invoke(this, [modelBuilder]);
        }
    }

    private void FilterBySociety<TEntity>(ModelBuilder modelBuilder)
        where TEntity : class, ITenantOwned =>
        modelBuilder.Entity<TEntity>().HasQueryFilter(SocietyFilter, (Expression<Func<TEntity, bool>>)(e => e.SocietyId == SocietyId));

    private IQueryable<Society> OwnSociety => Societies.Where(s => s.Id == SocietyId);

    /// <summary>Writes the row: <see cref="SocietiesVersion"/> sees that it was written.</summary>
    private static void Touch(UpdateSettersBuilder<Society> society) => society.SetProperty(s => s.Revision, s => s.Revision + 1);

    private bool ChangesWhatIsKept() => ChangeTracker.Entries<IKeptInMemory>().Any(e => e.State is not (EntityState.Unchanged or EntityState.Detached));

    private void RefuseOtherSocieties()
    {
        foreach (var entry in ChangeTracker.Entries<ITenantOwned>())
        {
            if (entry.State is not (EntityState.Unchanged or EntityState.Detached) && entry.Entity.SocietyId != SocietyId)
            {
                throw new InvalidOperationException($"A {entry.Metadata.ShortName()} of another society was about to be written.");
            }
        }
    }

    /// <summary>Instants are stored as UTC in both databases' own date-time type, which both compare rightly.</summary>
    private sealed class UtcInstant() : ValueConverter<DateTimeOffset, DateTime>(
        instant => instant.UtcDateTime,
        stored => new DateTimeOffset(DateTime.SpecifyKind(stored, DateTimeKind.Utc), TimeSpan.Zero));

    /// <summary>A month is stored as the number YYYYMM, which both databases compare rightly.</summary>
    private sealed class MonthNumber() : ValueConverter<TreatmentMonth, int>(
        month => (month.Year * 100) + month.Month,
        stored => new TreatmentMonth(stored / 100, stored % 100));
}
