using System.Text.RegularExpressions;

namespace KenkoPortal.Tests.Architecture;

/// <summary>Rules that are read from the source text; <see cref="DependencyTests"/> reads the compiled assemblies.</summary>
public sealed partial class ArchitectureTests
{
    [Fact]
    public void Libraries_know_no_portal()
    {
        Assert.Empty(SourceFiles("src/KenkoPortal.Claims").Where(f => OtherRoom().IsMatch(f.Text)).Select(f => f.Path));
        // The generator that checks the reader must not share a line with it.
        Assert.Empty(SourceFiles("tools/KenkoPortal.Demo").Where(f => OtherRoom().IsMatch(f.Text) || f.Text.Contains("KenkoPortal.Claims", StringComparison.Ordinal)).Select(f => f.Path));
        Assert.Empty(SourceFiles("src/KenkoPortal.Pdf").Where(f => f.Text.Contains("KenkoPortal.Core", StringComparison.Ordinal)).Select(f => f.Path));
        Assert.Empty(SourceFiles("src/KenkoPortal.Smtp").Where(f => OtherRoom().IsMatch(f.Text)).Select(f => f.Path));
        Assert.DoesNotContain(typeof(KenkoPortal.Smtp.SmtpSession).Assembly.GetReferencedAssemblies(), a => a.Name!.StartsWith("KenkoPortal", StringComparison.Ordinal));
        Assert.DoesNotContain(typeof(Core.Data.PortalContext).Assembly.GetReferencedAssemblies(), a => a.Name is "KenkoPortal.Design" or "KenkoPortal.Web" or "KenkoPortal.Members.Web" or "KenkoPortal.Staff.Web");
    }

    [Fact]
    public void Entities_know_nothing_of_the_database()
    {
        var entities = SourceFiles("src/KenkoPortal.Core").Where(f => EntityDeclaration().IsMatch(f.Text)).ToList();
        Assert.True(entities.Count > 10);
        Assert.Empty(entities.Where(f => f.Text.Contains("EntityFrameworkCore", StringComparison.Ordinal)).Select(f => f.Path));
    }

    [Fact]
    public void Pages_spell_no_address_but_their_own()
    {
        var faults =
            from file in SourceFiles("src", "*.cshtml")
            where !file.Path.Contains("/Dev/", StringComparison.Ordinal) && !file.Path.Contains("/Shared/", StringComparison.Ordinal)
            from Match match in WrittenLink().Matches(file.Text)
            select $"{file.Path}: {match.Value}";
        Assert.Empty(faults);
    }

    [Fact]
    public void A_transaction_begins_in_one_place()
    {
        var places = SourceFiles("src/KenkoPortal.Core").Where(f => f.Text.Contains("BeginTransactionAsync", StringComparison.Ordinal)).Select(f => f.Path);
        Assert.All(places, path => Assert.Matches("Data/(UnitOfWork|Backup/|Migrator|Bulk)", path));
    }

    /// <summary>Row Z5: what does not pass Entity Framework has no society; outside Data nobody needs it. The directory of societies is no tenant's.</summary>
    [Fact]
    public void A_raw_connection_is_opened_in_Data_alone()
    {
        var faults = SourceFiles("src").Where(f => RawConnection().IsMatch(f.Text)).Select(f => f.Path)
            .Where(path => !path.StartsWith("src/KenkoPortal.Core/Data/", StringComparison.Ordinal) && path != "src/KenkoPortal.Core/Societies/SocietyRows.cs");
        Assert.Empty(faults);
    }

    /// <summary>Row Z5: a setting that outlives its transaction would be there for the next user of the connection.</summary>
    [Fact]
    public void No_connection_is_given_a_setting_beyond_its_transaction() =>
        Assert.Empty(SourceFiles("src").Where(f => SessionSetting().IsMatch(f.Text)).Select(f => f.Path));

    [Fact]
    public void A_commit_goes_through_one_place()
    {
        var places = SourceFiles("src/KenkoPortal.Core").Where(f => f.Text.Contains("transaction.Commit", StringComparison.Ordinal)).Select(f => f.Path).Order(StringComparer.Ordinal);
        Assert.Equal(["src/KenkoPortal.Core/Data/Migrator.cs", "src/KenkoPortal.Core/Data/Postgres/ConfirmedCommit.cs", "src/KenkoPortal.Core/Data/UnitOfWork.cs"], places);
    }

    [Fact]
    public void Every_kind_of_event_has_its_sentence()
    {
        var kinds = Enum.GetValues<Core.Audit.AuditKind>();
        Assert.All(kinds, kind => Assert.StartsWith("{who}", Core.Audit.AuditWords.TemplateOf(kind) ?? $"Audit/AuditText.resx lacks Kind_{kind}", StringComparison.Ordinal));
    }

    [Fact]
    public void Z8_Recipients_are_chosen_from_trusted_addresses_alone()
    {
        // What these files do with the other addresses: keep them, count them, compare them, show them to their owner. None sends mail to what it finds there.
        string[] keepers =
        [
            "Accounts/AccountSupport.cs", "Accounts/AddressChanges.cs", "Accounts/LoginQuery.cs", "Accounts/MailUse.cs", "Accounts/ProfileService.cs", "Accounts/Protection.cs", "Accounts/SharedAddresses.cs",
            "Accounts/SuppressionList.cs", "Accounts/TrustedRecipients.cs", "Audit/AuditReading.cs",
            "Data/PortalContext.cs", "MailedLinks/BounceDecisions.cs", "Registration/AccountRecovery.cs", "Registration/RegistrationService.cs", "Profile/Index.cshtml.cs",
        ];
        var naming = SourceFiles("src").Where(f => f.Text.Contains("AccountMailAddresses", StringComparison.Ordinal) && !f.Path.Contains("/Migrations/", StringComparison.Ordinal)).ToList();

        Assert.All(keepers, keeper => Assert.Contains(naming, f => f.Path.EndsWith(keeper, StringComparison.Ordinal)));
        Assert.All(naming, f => Assert.Contains(keepers, keeper => f.Path.EndsWith(keeper, StringComparison.Ordinal)));
        // Who leaves suspended accounts out leaves out those that wait for a letter.
        var choosing = SourceFiles("src/KenkoPortal.Core").Where(f => f.Text.Contains("SuspendedAt == null", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(choosing);
        Assert.All(choosing, f => Assert.Matches("WaitsSince == null|TrustedAddresses", f.Text));
    }

    private static IEnumerable<SourceFile> SourceFiles(string folder, string pattern = "*.cs")
    {
        var root = Support.Repository.Root;
        return Directory.EnumerateFiles(Path.Combine(root, folder), pattern, SearchOption.AllDirectories)
            .Select(path => path.Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Select(path => new SourceFile(Path.GetRelativePath(root, path).Replace('\\', '/'), File.ReadAllText(path)));
    }

    [GeneratedRegex(@"KenkoPortal\.(Core|Pdf|Web)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OtherRoom();

    [GeneratedRegex(@"class \w+ : (ITenantOwned|MailedLink)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EntityDeclaration();

    [GeneratedRegex(@"(href|action)=""/[a-z][^""]*""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex WrittenLink();

    [GeneratedRegex(@"GetDbConnection|CreateConnection|NpgsqlDataSource|ServingConnection|new (Npgsql|Sqlite)(Connection|Command)\(", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RawConnection();

    [GeneratedRegex(@"set_config\([^()]*, false\)|SET SESSION|""SET [a-z]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SessionSetting();

    private sealed record SourceFile(string Path, string Text);
}
