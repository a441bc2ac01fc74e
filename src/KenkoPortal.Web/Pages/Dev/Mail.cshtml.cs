using KenkoPortal.Core.Common;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.Societies;
using KenkoPortal.Design.Layout;
using KenkoPortal.Design.TagHelpers;
using KenkoPortal.Smtp;
using KenkoPortal.Web.Infrastructure.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace KenkoPortal.Web.Pages.Dev;

/// <summary>The mails that went into the mail folder, newest first, and an empty mail by the real way. Development only.</summary>
public sealed class MailModel(
    IHostEnvironment environment,
    PortalOptions options,
    IOptions<SmtpListenerOptions> listener,
    IOptions<SmtpOptions> relay,
    SocietyDirectory societies,
    CurrentSociety current,
    TimeProvider clock) : PortalPage
{
    public const int MostShown = 50;
    private const string Path = "/dev/mail";

    [BindProperty]
    public string? From { get; set; }

    [BindProperty]
    public string? To { get; set; }

    public IReadOnlyList<string> RegistrationAddresses { get; private set; } = [];

    public IReadOnlyList<MailFile> Mails { get; private set; } = [];

    /// <summary>There are more in the folder.</summary>
    public bool HasOlder { get; private set; }

    public string Folder => options.MailDirectory;

    /// <summary>Mails go there and not into the folder.</summary>
    public string? Relay => relay.Value.Host;

    public bool IsSent { get; private set; }

    public async Task<IActionResult> OnGetAsync(bool sent = false)
    {
        IsSent = sent;
        return environment.IsDevelopment() ? await ShowAsync() : NotFound();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!environment.IsDevelopment())
        {
            return NotFound();
        }

        var all = await societies.AllAsync(Aborted);
        Refuse(nameof(From), EmailAddress.TryParse(From, out var from) ? null : DevText.FromRefused);
        Refuse(nameof(To), EmailAddress.TryParseSetting(To, out var to) && all.Exists(s => s.RegistrationAddress == to.Folded) ? null : DevText.ToRefused);
        if (ModelState.IsValid)
        {
            var code = await EmptyMailPost.SendAsync("127.0.0.1", listener.Value.Port, from!, to!, clock, Aborted);
            Refuse("", code == 250 ? null : code == 0 ? DevText.NotListening.With(listener.Value.Port) : DevText.Refused.With(code));
        }

        return ModelState.IsValid ? SeeOther($"{Path}?sent=true") : await ShowAsync();
    }

    private async Task<IActionResult> ShowAsync()
    {
        RegistrationAddresses = [.. (await societies.AllAsync(Aborted)).Select(s => s.RegistrationAddress)];
        To ??= current.IsKnown ? current.Society.RegistrationAddress : null;
        var files = Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder, "*.eml").OrderDescending(StringComparer.Ordinal).ToList() : [];
        HasOlder = files.Count > MostShown;
        var mails = new List<MailFile>();
        foreach (var file in files.Take(MostShown))
        {
            mails.Add(await MailFile.ReadAsync(file, Aborted));
        }

        Mails = mails;
        return Page();
    }
}
