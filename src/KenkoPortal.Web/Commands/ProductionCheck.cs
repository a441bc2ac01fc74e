using System.ComponentModel.DataAnnotations;
using System.Net;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.Societies;
using KenkoPortal.Design.TagHelpers;
using KenkoPortal.Web.Infrastructure.Hosting;

namespace KenkoPortal.Web.Commands;

/// <summary>What must be there before the portal serves people; all that is missing is named at once.</summary>
internal static class ProductionCheck
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public static IEnumerable<string> FaultsOfSettings(IConfiguration configuration, PortalOptions options)
    {
        var smtp = configuration.GetSection(SmtpOptions.Section).Get<SmtpOptions>() ?? new SmtpOptions();
        if (string.IsNullOrWhiteSpace(smtp.Host))
        {
            yield return CommandText.ProductionSmtp;
        }
        else
        {
            var faults = new List<ValidationResult>();
            Validator.TryValidateObject(smtp, new ValidationContext(smtp), faults, validateAllProperties: true);
            foreach (var fault in faults)
            {
                yield return CommandText.ProductionSmtpFault.With(fault.ErrorMessage);
            }

            if (smtp.Tls is SmtpTls.None && !smtp.IsThisMachine)
            {
                yield return CommandText.ProductionSmtpTls;
            }
        }

        if (string.IsNullOrWhiteSpace(options.KnownProxies))
        {
            yield return CommandText.ProductionProxies;
        }
        else if (FaultOfProxies(options) is { } fault)
        {
            yield return fault;
        }
        else
        {
            foreach (var range in options.PublicRanges())
            {
                yield return ProxyText.PublicRange.With(range);
            }
        }

        if (!IPAddress.TryParse(options.BindAddress, out _))
        {
            yield return CommandText.BadBindAddress.With(options.BindAddress);
        }
    }

    /// <summary>What is wrong with the known proxies, in any environment; null where nothing is.</summary>
    public static string? FaultOfProxies(PortalOptions options)
    {
        try
        {
            _ = options.Proxies();
            return null;
        }
        catch (FormatException)
        {
            return CommandText.BadProxies.With(options.KnownProxies);
        }
    }

    /// <summary>Data, keys and database may be nobody's but the portal's own user's.</summary>
    public static IEnumerable<string> FaultsOfFiles(PortalOptions options)
    {
        if (OperatingSystem.IsWindows())
        {
            yield break;
        }

        foreach (var folder in new[] { options.DataDirectory, options.ActualKeysDirectory }.Where(Directory.Exists))
        {
            if ((File.GetUnixFileMode(folder) & Others) != UnixFileMode.None)
            {
                yield return CommandText.ProductionFolder.With(folder);
            }
        }

        var key = Path.Combine(options.ActualKeysDirectory, "portal.key");
        if (File.Exists(key) && (File.GetUnixFileMode(key) & Others) != UnixFileMode.None)
        {
            yield return CommandText.ProductionKey.With(key);
        }
    }

    public static IEnumerable<string> FaultsOfSocieties(IEnumerable<Society> societies) => societies
        .Where(society => !society.Origin.StartsWith("https://", StringComparison.Ordinal))
        .Select(society => CommandText.ProductionOrigin.With(society.Key, society.Origin));

    /// <exception cref="PortalInputException">There are faults.</exception>
    public static void Refuse(IReadOnlyCollection<string> faults)
    {
        if (faults.Count > 0)
        {
            throw new PortalInputException(string.Join('\n', [CommandText.ProductionRefused, .. faults.Select(fault => $"  - {fault}")]));
        }
    }
}
