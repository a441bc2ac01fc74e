using KenkoPortal.Core.Common;
using KenkoPortal.Core.Mail;

namespace KenkoPortal.Web.Pages.Link;

/// <summary>Why a link or a form is over, and the way to start again.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Next">What to do.</param>
/// <param name="Restart">Path of the way to start again.</param>
/// <param name="RestartLabel">Its button.</param>
public sealed record EndedView(string Reason, string Next, string Restart, string RestartLabel)
{
    /// <summary>A token that names nothing: it may have been either kind of link.</summary>
    public static EndedView Unknown { get; } = OfRegistration(LinkState.Unknown);

    /// <summary>利用者情報入力 was left for too long, or the letter was replaced.</summary>
    public static EndedView RegistrationForm { get; } = new(LinkText.FormEnded, LinkText.RegistrationFormNext, PageRoutes.RegisterLogin, LinkText.BackToProvisionalLogin);

    /// <summary>パスワード変更(パスワード再発行) was left for too long, or the account changed meanwhile.</summary>
    public static EndedView ReissueForm { get; } = new(LinkText.FormEnded, LinkText.ReissueNext, PageRoutes.Reissue, LinkText.AskReissue);

    public static EndedView OfRegistration(LinkState state) => new(ReasonOf(state), LinkText.RegistrationNext, PageRoutes.Register, LinkText.AskRegistration);

    public static EndedView OfReissue(LinkState state) => new(ReasonOf(state), LinkText.ReissueNext, PageRoutes.Reissue, LinkText.AskReissue);

    public static EndedView OfAddress(LinkState state) => new(ReasonOf(state), LinkText.AddressNext, PageRoutes.Profile, LinkText.ToProfile);

    private static string ReasonOf(LinkState state) => state.End switch
    {
        LinkEnd.Expired => LinkText.Expired,
        LinkEnd.TooManyFailures => LinkText.TooManyFailures,
        LinkEnd.Replaced => LinkText.Replaced.With(JapanTime.Clock(state.ReplacedAt!.Value)),
        LinkEnd.Used => LinkText.Used,
        _ => LinkText.Unknown,
    };
}
