using KenkoPortal.Core.Common;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Members.Web.Pages.Link;

/// <summary>Why a link or a form is over, and the way to start again.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Next">What to do.</param>
/// <param name="Restart">Path of the way to start again.</param>
/// <param name="RestartLabel">Its button.</param>
public sealed record EndedView(string Reason, string Next, string Restart, string RestartLabel)
{
    /// <summary>The heading of the page.</summary>
    public string Title { get; init; } = LinkText.EndedTitle;

    /// <summary>Nothing failed: what the link was for is done.</summary>
    public bool IsDone { get; init; }

    /// <summary>A token that names nothing: it may have been either kind of link.</summary>
    public static EndedView Unknown { get; } = OfRegistration(LinkState.Unknown);

    /// <summary>利用者情報入力 was left for too long, or the letter was replaced.</summary>
    public static EndedView RegistrationForm { get; } = new(LinkText.FormEnded, LinkText.RegistrationFormNext, PageRoutes.RegisterLogin, LinkText.BackToProvisionalLogin);

    /// <summary>パスワード変更(パスワード再発行) was left for too long, or the account changed meanwhile.</summary>
    public static EndedView ReissueForm { get; } = new(LinkText.FormEnded, LinkText.ReissueNext, PageRoutes.Reissue, LinkText.AskReissue);

    public static EndedView OfRegistration(LinkState state) => state.End == LinkEnd.Done ? Done : new(ReasonOf(state), LinkText.RegistrationNext, PageRoutes.Register, LinkText.AskRegistration);

    public static EndedView OfReissue(LinkState state) => state.End == LinkEnd.Done ? Done : new(ReasonOf(state), LinkText.ReissueNext, PageRoutes.Reissue, LinkText.AskReissue);

    public static EndedView OfAddress(LinkState state) => state.End == LinkEnd.Done ? AddressDone : new(ReasonOf(state), LinkText.AddressNext, PageRoutes.Profile, LinkText.ToProfile);

    /// <summary>Members open the mail again to log in: the page leads there, not back to the start.</summary>
    private static EndedView Done { get; } = new(LinkText.Done, LinkText.DoneNext, PageRoutes.Login, LinkText.ToLogin) { Title = LinkText.DoneTitle, IsDone = true };

    private static EndedView AddressDone { get; } =
        new(LinkText.AddressDone, LinkText.AddressDoneNext, PageRoutes.Profile, LinkText.ToProfile) { Title = LinkText.DoneTitle, IsDone = true };

    private static string ReasonOf(LinkState state) => state.End switch
    {
        LinkEnd.Expired => LinkText.Expired,
        LinkEnd.TooManyFailures => LinkText.TooManyFailures,
        LinkEnd.Voided => LinkText.Voided,
        LinkEnd.Replaced => LinkText.Replaced.With(JapanTime.Clock(state.ReplacedAt!.Value)),
        _ => LinkText.Unknown,
    };
}
