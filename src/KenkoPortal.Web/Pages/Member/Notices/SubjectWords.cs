using KenkoPortal.Core.Members;
using KenkoPortal.Core.Sharing;

namespace KenkoPortal.Web.Pages.Member.Notices;

/// <summary>What a person is called on the pages of notices.</summary>
public static class SubjectWords
{
    /// <summary>The nickname; the insured's provisional one (ご本人) would mean whoever reads it, so to others it is 被保険者.</summary>
    public static string NicknameOf(Subject person) =>
        !person.IsSelf && person.Relationship == Relationship.Insured && person.Nickname == Relationship.NicknameOf(person.Relationship)
            ? NoticePageText.Insured
            : person.Nickname;
}
