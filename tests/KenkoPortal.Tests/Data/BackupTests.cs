using System.IO.Compression;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Data.Backup;
using KenkoPortal.Core.GenericDrugs;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Data;

public sealed class BackupTests
{
    [Theory]
    [InlineData(DatabaseKind.Sqlite, DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Sqlite, DatabaseKind.Postgres)]
    [InlineData(DatabaseKind.Postgres, DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres, DatabaseKind.Postgres)]
    public async Task A_backup_moves_every_row_to_a_new_machine_whatever_its_database(DatabaseKind from, DatabaseKind to)
    {
        Assert.SkipWhen(TestDatabase.PostgresAdmin is null && DatabaseKind.Postgres is var p && (from == p || to == p), "KENKO_TEST_POSTGRES is not set");
        await using var old = await TestPortal.StartAsync(from);
        var societies = await FillAsync(old);
        var file = Path.Combine(old.Directory, "portal.backup");
        await BackUpAsync(old, file);

        await using var target = await NewMachineAsync(to);
        target.Clock.Set(old.Clock.Now);
        var refusal = await Assert.ThrowsAsync<PortalInputException>(() => RestoreAsync(target, file));
        Assert.Contains("--accept-keys", refusal.Message, StringComparison.Ordinal);
        var report = await RestoreAsync(target, file, acceptsKeys: true);

        Assert.True(report.KeysReplaced);
        Assert.Null(report.Copy);
        Assert.Equal(2, report.Societies);
        Assert.Equal(await DumpAsync(old, societies, isBefore: true), await DumpAsync(target, societies, isBefore: false));
    }

    [Theory, OnEveryDatabase]
    public async Task G4_A_restore_ends_sessions_links_and_queued_mail_and_keeps_posted_letters(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = (await FillAsync(portal))[0];
        var file = Path.Combine(portal.Directory, "portal.backup");
        await BackUpAsync(portal, file);
        await portal.WriteAsync(society, db =>
        {
            db.Households.Add(new Household { SocietyId = society.Id });
            AddDrugs(db, new DateOnly(2026, 10, 1));
        });

        var report = await RestoreAsync(portal, file);
        await portal.RunJobsAsync();

        Assert.False(report.KeysReplaced);
        Assert.Empty(portal.Mail.All);
        await portal.ReadAsync(society, async db =>
        {
            Assert.Equal(0, await db.PortalSessions.CountAsync());
            Assert.Equal(0, await db.KnownDevices.CountAsync());
            Assert.Equal(0, await db.RegistrationLinks.CountAsync(l => l.EndedAt == null));
            Assert.Equal(0, await db.OutboxMails.CountAsync(m => m.SentAt == null && m.FailedAt == null));
            Assert.Equal(0, await db.MailAsks.CountAsync(a => a.DecidedAt == null));
            Assert.Equal(1, await db.Households.CountAsync());
            Assert.True((await db.ProvisionalCredentials.SingleAsync()).IsUsableAt(portal.Clock.Now));
            Assert.Equal(1, await db.ListedDrugs.CountAsync());
            Assert.NotNull((await db.Installations.SingleAsync()).RestoredAt);
            Assert.Equal("system:test", (await db.AuditEvents.SingleAsync(e => e.Kind == AuditKind.Restored)).Actor);
            return 0;
        });
        var audit = await portal.InAsync(society, services => services.GetRequiredService<AuditSealing>().VerifyAsync(CancellationToken.None));
        Assert.Empty(audit.Faults);
    }

    [Theory, OnEveryDatabase]
    public async Task Societies_that_the_backup_does_not_hold_are_gone_afterwards(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var file = Path.Combine(portal.Directory, "portal.backup");
        await FillAsync(portal);
        await BackUpAsync(portal, file);
        var later = await portal.AddSocietyAsync("later");

        await RestoreAsync(portal, file);

        Assert.Equal(0, await portal.ReadAsync(later, db => db.AuditEvents.CountAsync()));
        Assert.Equal(2, await portal.ReadAsync(later, db => db.Societies.CountAsync()));
    }

    [Theory, OnEveryDatabase]
    public async Task A_broken_or_truncated_file_changes_nothing(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var societies = await FillAsync(portal);
        var file = Path.Combine(portal.Directory, "portal.backup");
        await BackUpAsync(portal, file);
        await portal.WriteAsync(societies[0], db => db.Households.Add(new Household { SocietyId = societies[0].Id }));
        var whole = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        var before = await DumpAsync(portal, societies, isBefore: false);

        for (var i = 0; i < 60; i++)
        {
            var broken = whole.ToArray();
            if (i % 3 == 0)
            {
                broken = broken[..(broken.Length * i / 60)];
            }
            else
            {
                // The head of the first entry is repeated in the directory; a reader never looks at it.
                broken[100 + ((broken.Length - 200) * i / 60)] ^= 0x55;
            }

            await File.WriteAllBytesAsync(file, broken, TestContext.Current.CancellationToken);
            try
            {
                await RestoreAsync(portal, file);
                // A byte that no reader looks at, such as a time in the zip's directory: all is as in the backup.
                await portal.WriteAsync(societies[0], db => db.Households.Add(new Household { SocietyId = societies[0].Id }));
                Assert.True(i % 3 != 0);
                before = await DumpAsync(portal, societies, isBefore: false);
            }
            catch (PortalInputException)
            {
                Assert.Equal(before, await DumpAsync(portal, societies, isBefore: false));
            }
        }
    }

    [Theory, OnEveryDatabase]
    public async Task A_database_in_use_with_other_keys_refuses_and_keeps_its_own(DatabaseKind kind)
    {
        await using var old = await TestPortal.StartAsync(kind);
        await FillAsync(old);
        var file = Path.Combine(old.Directory, "portal.backup");
        await BackUpAsync(old, file);
        await using var target = await NewMachineAsync(kind);
        await target.AddSocietyAsync("inuse");
        var key = await File.ReadAllTextAsync(KeyOf(target), TestContext.Current.CancellationToken);

        var refusal = await Assert.ThrowsAsync<PortalInputException>(() => RestoreAsync(target, file));

        Assert.Contains("別の鍵", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(key, await File.ReadAllTextAsync(KeyOf(target), TestContext.Current.CancellationToken));
    }

    [Theory, OnEveryDatabase]
    public async Task A_backup_without_keys_asks_for_them(DatabaseKind kind)
    {
        await using var old = await TestPortal.StartAsync(kind);
        await FillAsync(old);
        var file = Path.Combine(old.Directory, "portal.backup");
        await BackUpAsync(old, file, withKeys: false);
        Assert.False((await RestoreAsync(old, file)).KeysReplaced);

        await using var target = await NewMachineAsync(kind);
        var refusal = await Assert.ThrowsAsync<PortalInputException>(() => RestoreAsync(target, file));

        Assert.Contains("鍵が入って", refusal.Message, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task Lost_keys_come_back_with_the_backup_of_the_same_database(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        await FillAsync(portal);
        var file = Path.Combine(portal.Directory, "portal.backup");
        await BackUpAsync(portal, file);
        var key = await File.ReadAllTextAsync(KeyOf(portal), TestContext.Current.CancellationToken);
        File.Delete(KeyOf(portal));
        var services = new ServiceCollection();
        TestPortal.AddTo(services, portal.TestDatabase.Database, portal.TestDatabase.Keys, portal.Clock, portal.Mail);
        await using var restarted = services.BuildServiceProvider();
        await Assert.ThrowsAsync<PortalInputException>(() => restarted.GetRequiredService<Migrator>().MigrateAsync(CancellationToken.None));

        var report = await RestoreAsync(restarted, portal.Directory, file);

        Assert.NotNull(report.Copy);

        Assert.True(report.KeysReplaced);
        Assert.Equal(key, await File.ReadAllTextAsync(KeyOf(portal), TestContext.Current.CancellationToken));
    }

    [Theory, OnEveryDatabase]
    public async Task G4_The_file_is_readable_by_its_owner_only_and_nothing_unfinished_stays(DatabaseKind kind)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no file modes");
        await using var portal = await TestPortal.StartAsync(kind);
        await FillAsync(portal);
        var folder = Directory.CreateDirectory(Path.Combine(portal.Directory, "backups")).FullName;
        var file = Path.Combine(folder, "portal.backup");
        await BackUpAsync(portal, file);
        await BackUpAsync(portal, file);

#pragma warning disable CA1416 // skipped on Windows
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
#pragma warning restore CA1416
        Assert.Equal(file, Assert.Single(Directory.EnumerateFileSystemEntries(folder)));
        await Assert.ThrowsAsync<PortalInputException>(() => BackUpAsync(portal, Path.Combine(folder, "missing", "portal.backup")));
    }

    [Theory, OnEveryDatabase]
    public async Task A_backup_is_one_moment_while_the_portal_writes(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = (await FillAsync(portal))[0];
        var file = Path.Combine(portal.Directory, "portal.backup");
        using var over = new CancellationTokenSource();
        var hasBegun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        async Task WriteAsync()
        {
            // Each household comes with two persons: a snapshot never holds another ratio.
            while (!over.IsCancellationRequested)
            {
                await Task.Yield();
                var household = new Household { SocietyId = society.Id };
                await portal.WriteAsync(society, db =>
                {
                    db.Households.Add(household);
                    db.Persons.AddRange(NewPerson(society, household.Id, 1), NewPerson(society, household.Id, 2));
                });
                hasBegun.TrySetResult();
            }
        }

        var writing = WriteAsync();
        await Task.WhenAny(hasBegun.Task, writing);
        for (var i = 0; i < 5; i++)
        {
            await BackUpAsync(portal, file);
        }

        await over.CancelAsync();
        await writing;
        await RestoreAsync(portal, file);

        var (households, persons) = await portal.ReadAsync(society, async db => (await db.Households.CountAsync(), await db.Persons.CountAsync()));
        Assert.Equal(1 + ((persons - 1) / 2), households);
        Assert.True(households > 1);
    }

    /// <summary>S10: who can write where backups lie, without the keys, changes a row and every checksum.</summary>
    [Theory, OnEveryDatabase]
    public async Task G6_A_changed_backup_is_refused_whatever_was_changed_in_it(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var societies = await FillAsync(portal);
        var file = Path.Combine(portal.Directory, "portal.backup");
        await BackUpAsync(portal, file, withKeys: false);
        var before = await DumpAsync(portal, societies, isBefore: false);
        foreach (var change in new Action<ZipArchive>[]
        {
            zip => Forge(zip, e => e.FullName.EndsWith("Persons.jsonl", StringComparison.Ordinal), text => text.Replace("ヨシダ", "ヤシマ", StringComparison.Ordinal)),
            zip => Rewrite(zip, BackupManifest, text => Regex.Replace(text, "\"length\": [0-9]+", "\"length\": 999", RegexOptions.None, TimeSpan.FromSeconds(1))),
            zip => Rewrite(zip, "manifest.hmac", text => new string('0', text.Length)),
            zip => Rewrite(zip, "manifest.hmac", _ => ""),
            zip => zip.GetEntry("manifest.hmac")!.Delete(),
            zip => zip.CreateEntry("societies/more.jsonl").Open().Dispose(),
            zip => zip.CreateEntry("keys/portal.key").Open().Dispose(),
        })
        {
            var changed = file + ".changed";
            File.Copy(file, changed, overwrite: true);
            using (var zip = ZipFile.Open(changed, ZipArchiveMode.Update))
            {
                change(zip);
            }

            var refusal = await Assert.ThrowsAsync<PortalInputException>(() => RestoreAsync(portal, changed));
            Assert.Contains("データベースは変えていません", refusal.Message, StringComparison.Ordinal);
            Assert.Equal(before, await DumpAsync(portal, societies, isBefore: false));
        }

        await RestoreAsync(portal, file);
    }

    /// <summary>S10: the state of before is kept, and the chain tells how much of it is gone.</summary>
    [Theory, OnEveryDatabase]
    [UnsupportedOSPlatform("windows")]
    public async Task G6_A_restore_keeps_a_copy_of_before_and_the_chain_tells_that_it_got_shorter(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = (await FillAsync(portal))[0];
        var file = Path.Combine(portal.Directory, "portal.backup");
        await BackUpAsync(portal, file);
        await portal.RunJobsAsync("audit");
        async Task<AuditReport> VerifyAsync() => await portal.InAsync(society, services => services.GetRequiredService<AuditSealing>().VerifyAsync(CancellationToken.None));
        var before = await VerifyAsync();
        await portal.WriteAsync(society, db => db.Households.Add(new Household { SocietyId = society.Id }));

        var report = await RestoreAsync(portal, file);
        await portal.RunJobsAsync("audit");

        var after = await VerifyAsync();
        Assert.Empty(after.Faults);
        var cut = Assert.Single(after.Cuts);
        Assert.Equal((before.Sealed, before.Head), (cut.Before, cut.Hash));
        Assert.Contains(report.Shortened, chain => chain == new ShortenedChain(society.Id, before.Sealed, cut.After));
        Assert.True(cut.After < cut.Before);

        // And back again: the copy is a backup like any other.
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(report.Copy!));
        Assert.Equal(1, await portal.ReadAsync(society, db => db.Households.CountAsync()));
        var copy = report.Copy + ".kept";
        File.Move(report.Copy!, copy);
        await RestoreAsync(portal, copy);
        Assert.Equal(2, await portal.ReadAsync(society, db => db.Households.CountAsync()));
    }

    private const string BackupManifest = "manifest.json";

    /// <summary>Changes an entry and gives the manifest its new checksum, as somebody would who has read this program.</summary>
    private static void Forge(ZipArchive zip, Predicate<ZipArchiveEntry> which, Func<string, string> change)
    {
        foreach (var name in zip.Entries.Where(e => which(e)).Select(e => e.FullName).ToList())
        {
            var (old, fresh) = Rewrite(zip, name, change);
            Assert.NotEqual(old, fresh);
            Rewrite(zip, BackupManifest, text => text.Replace(old, fresh, StringComparison.Ordinal));
        }
    }

    /// <returns>The checksums before and after.</returns>
    private static (string Old, string Fresh) Rewrite(ZipArchive zip, string name, Func<string, string> change)
    {
        var entry = zip.GetEntry(name)!;
        string text;
        using (var reader = new StreamReader(entry.Open()))
        {
            text = reader.ReadToEnd();
        }

        entry.Delete();
        var changed = change(text);
        using var stream = zip.CreateEntry(name).Open();
        stream.Write(Encoding.UTF8.GetBytes(changed));
        return (Sha(text), Sha(changed));

        static string Sha(string of) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(of)));
    }

    private static string KeyOf(TestPortal portal) => Path.Combine(portal.Directory, "keys", "portal.key");

    /// <summary>An empty database with keys of its own.</summary>
    private static async Task<TestPortal> NewMachineAsync(DatabaseKind kind)
    {
        var database = await TestDatabase.CreateAsync(kind, isEmpty: true);
        var portal = TestPortal.Start(database);
        await portal.Services.GetRequiredService<Migrator>().MigrateAsync(CancellationToken.None);
        return portal;
    }

    private static Task BackUpAsync(TestPortal portal, string file, bool withKeys = true) => portal.Services.GetRequiredService<PortalBackup>().BackUpAsync(
        file, withKeys ? Path.Combine(portal.Directory, "keys") : null, actor => actor.IsSystemUser("test"), null, CancellationToken.None);

    private static Task<RestoreReport> RestoreAsync(TestPortal portal, string file, bool acceptsKeys = false) => RestoreAsync(portal.Services, portal.Directory, file, acceptsKeys);

    private static Task<RestoreReport> RestoreAsync(IServiceProvider services, string directory, string file, bool acceptsKeys = false) => services.GetRequiredService<PortalRestore>()
        .RestoreAsync(file, Path.Combine(directory, "keys"), new RestoreWishes(Path.Combine(directory, "before.backup"), acceptsKeys), actor => actor.IsSystemUser("test"), null, CancellationToken.None);

    private static Person NewPerson(Society society, Guid household, int order) => new()
    {
        SocietyId = society.Id, HouseholdId = household, Name = "𠮷田　髙子\"\\\n🎌", Kana = "ヨシダ タカコ", KanaKey = "ヨシダタカコ", Sex = Sex.Female,
        BirthDate = new DateOnly(1970, 2, 28), Relationship = Relationship.Insured, AcquiredOn = new DateOnly(2000, 4, 1), ListOrder = order,
    };

    private static async Task<List<Society>> FillAsync(TestPortal portal)
    {
        var societies = new List<Society> { await portal.AddSocietyAsync("minato"), await portal.AddSocietyAsync("kawa", s => s.StaffMail = null) };
        foreach (var society in societies)
        {
            var now = portal.Clock.Now.AddTicks(1234560);
            await portal.WriteAsync(society, db =>
            {
                var household = new Household { SocietyId = society.Id };
                db.Households.Add(household);
                db.Persons.Add(NewPerson(society, household.Id, 1));
                db.ProvisionalCredentials.Add(new ProvisionalCredential
                {
                    SocietyId = society.Id, PersonId = Guid.CreateVersion7(), ProvisionalId = "12345670", PasswordMac = RandomNumberGenerator.GetBytes(32),
                    IssuedAt = now, ExpiresAt = now.AddDays(180),
                });
                db.PortalSessions.Add(new PortalSession
                {
                    SocietyId = society.Id, Trust = Trust.Login, TokenHash = RandomNumberGenerator.GetBytes(32), CreatedAt = now, LastSeenAt = now,
                });
                db.KnownDevices.Add(new KnownDevice { SocietyId = society.Id, AccountId = Guid.CreateVersion7(), CreatedAt = now });
            });
            await portal.InAsync(society, services => services.GetRequiredService<MailAsks>().AskAsync(
                AskPurpose.Registration, EmailAddress.Parse("hanako@example.jp"), CancellationToken.None));
            await portal.RunJobsAsync("asks", "audit");
            await portal.InAsync(society, services => services.GetRequiredService<MailAsks>().AskAsync(
                AskPurpose.Registration, EmailAddress.Parse("taro@example.jp"), CancellationToken.None));
        }

        await portal.WriteAsync(societies[0], db => AddDrugs(db, new DateOnly(2026, 4, 1)));
        return societies;
    }

    /// <summary>Drug lists, which are every society's.</summary>
    private static void AddDrugs(PortalContext db, DateOnly from)
    {
        var edition = new DrugEdition { ValidFrom = from, ImportedAt = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero), Fingerprint = 1, Priced = 1, Mastered = 1 };
        db.DrugEditions.Add(edition);
        db.ListedDrugs.Add(new ListedDrug
        {
            EditionId = edition.Id, Code = "1124009F1037", Ingredient = "見本", Specification = "１ｍｇ１錠", Name = "見本錠", Price = 10.1m, Flag = GenericFlag.BrandWithGeneric,
        });
        db.MasterDrugs.Add(new MasterDrug { EditionId = edition.Id, Code = "610406001", PriceCode = "1124009F1037", Name = "見本錠", Unit = "錠", Price = 10.1m, IsAntiHiv = false });
    }

    /// <summary>Everything that EF reads of the societies; before a restore as the restore will leave it, without what it adds.</summary>
    private static async Task<string> DumpAsync(TestPortal portal, List<Society> societies, bool isBefore)
    {
        var text = new StringBuilder();
        var now = portal.Clock.Now;
        foreach (var society in societies)
        {
            await portal.ReadAsync(society, async db =>
            {
                if (isBefore)
                {
                    foreach (var link in await db.RegistrationLinks.ToListAsync())
                    {
                        link.End(now);
                    }

                    foreach (var mail in await db.OutboxMails.ToListAsync())
                    {
                        mail.MarkFailed(KenkoPortal.Core.Mail.NotSentReason.NothingToSay, reply: null, now);
                    }
                }

                foreach (var entity in db.Model.GetEntityTypes().Where(e => !e.IsOwned() && e.FindPrimaryKey() is not null).OrderBy(e => e.Name, StringComparer.Ordinal))
                {
                    await DumpEntityAsync(db, entity, isBefore, text);
                }

                return 0;
            });
        }

        return text.ToString();
    }

    private static async Task DumpEntityAsync(PortalContext db, IEntityType entity, bool isBefore, StringBuilder text)
    {
        string[] dropped = isBefore ? ["PortalSession", "KnownDevice", "Installation", "JobLease"] : ["Installation", "JobLease"];
        if (dropped.Contains(entity.ClrType.Name, StringComparer.Ordinal))
        {
            return;
        }

        var rows = await ((IQueryable<object>)db.GetType().GetMethod(nameof(DbContext.Set), 1, [])!.MakeGenericMethod(entity.ClrType).Invoke(db, [])!).ToListAsync();
        foreach (var row in rows.Where(r => !IsOfTheRestore(r, isBefore)).Select(r => db.Entry(r)).Select(Line).Order(StringComparer.Ordinal))
        {
            text.Append(entity.ClrType.Name).Append(' ').AppendLine(row);
        }

        static string Line(Microsoft.EntityFrameworkCore.ChangeTracking.EntityEntry row) => string.Join(
            " | ",
            row.Properties.Select(p => $"{p.Metadata.Name}={(p.CurrentValue is byte[] bytes ? Convert.ToHexString(bytes) : p.CurrentValue is DateTimeOffset at ? at.ToString("O", System.Globalization.CultureInfo.InvariantCulture) : p.CurrentValue)}"));
    }

    private static bool IsOfTheRestore(object row, bool isBefore) =>
        row is AuditEvent { Kind: AuditKind.Restored or AuditKind.BackupMade } || (isBefore && row is MailAsk { DecidedAt: null });
}
