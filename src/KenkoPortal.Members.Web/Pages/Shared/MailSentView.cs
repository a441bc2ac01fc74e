namespace KenkoPortal.Members.Web.Pages.Shared;

/// <summary>What the page says after a mail was asked for, the same whatever became of it.</summary>
/// <param name="Address">As typed.</param>
/// <param name="ValidUntil">When the mail's link ends; null where mails are late.</param>
/// <param name="Next">What the member does next.</param>
/// <param name="AskAgain">Path of the form.</param>
/// <param name="SendLabel">The form's button.</param>
public sealed record MailSentView(string Address, DateTimeOffset? ValidUntil, string Next, string AskAgain, string SendLabel);
