using KenkoPortal.Core.Audit;

namespace KenkoPortal.Tests.Commands;

/// <summary>Events as sentences: <c>audit list</c>. That each kind has one is a test of the architecture.</summary>
public sealed class AuditWordsTests
{
    private static readonly NamedPerson Kenichi = new("汐田 健一", "港-7-345-00");
    private static readonly NamedPerson Hanako = new("汐田 花子", "港-7-345-01");

    [Fact]
    public void Every_kind_is_a_sentence_without_a_place_left_open()
    {
        foreach (var kind in Enum.GetValues<AuditKind>())
        {
            var named = AuditWords.Sentence(Shown(kind, "system:suzuki", "month=2026-07 kind=MedicalCost state=Computed on=2026-09-20 purpose=Reissue from=2026-04 to=2026-07 new=3"));
            var bare = AuditWords.Sentence(new ShownEvent(Event(kind, "visitor", null), null, null, null));
            Assert.StartsWith("2026年12月1日 5:59 職員（suzuki）が", named, StringComparison.Ordinal);
            Assert.StartsWith("2026年12月1日 5:59 ログイン前の方が", bare, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"[{}=]|\bkind\b", named + bare);
            Assert.DoesNotContain(kind.ToString(), named, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(AuditKind.NoticesShown, "system:suzuki", "month=2026-07 state=Computed", "職員（suzuki）が 汐田 花子さん（港-7-345-01）の2026年7月診療分（公開前）を表示")]
    [InlineData(AuditKind.NoticesShown, "system:suzuki", "month=2026-07 state=Published reason=telephone", "職員（suzuki）が 汐田 花子さん（港-7-345-01）の2026年7月診療分（公開）を表示。理由：telephone")]
    [InlineData(AuditKind.NoticeOfOtherRead, "account:", "kind=GenericDrug from=2026-04 to=2026-07", "汐田 健一さん（港-7-345-00）が 汐田 花子さん（港-7-345-01）のジェネリック通知（2026年4月〜2026年7月診療分）を表示")]
    [InlineData(AuditKind.DisclosureOpened, "visitor", "kind=MedicalCost cause=StartValue", "ログイン前の方が 汐田 花子さん（港-7-345-01）の医療費通知を世帯内に公開。組合の初期設定により")]
    [InlineData(AuditKind.CredentialIssued, "system:suzuki", null, "職員（suzuki）が 汐田 花子さん（港-7-345-01）の登録のご案内を発行")]
    [InlineData(AuditKind.PersonListed, "system:suzuki", "change=Changed columns=Name,Address", "職員（suzuki）が名簿の取り込みで 汐田 花子さん（港-7-345-01）の登録内容を変更。変更、変わった項目 氏名・住所")]
    [InlineData(AuditKind.MembersImported, "system:suzuki", "rows=105 joined=1 changed=0 moved=0 left=0 unchanged=104", "職員（suzuki）が加入者名簿を取り込み。105行、加入 1人、変わりなし 104")]
    [InlineData(AuditKind.SocietyChanged, "system:suzuki", "guardian-age=15→12 tel", "職員（suzuki）が組合の設定を変更。guardian-age 15 → 12、tel")]
    [InlineData(AuditKind.ClaimAssigned, "job:asks", "claim=01a22e3e-0000-7000-8000-000000000000 month=2026-07", "自動処理（asks）が未照合の2026年7月診療分のレセプトを 汐田 花子さん（港-7-345-01）に照合")]
    [InlineData(AuditKind.NoticeDownloaded, "account:", "file=pdf year=2026 family", "汐田 健一さん（港-7-345-00）が 汐田 花子さん（港-7-345-01）の通知をファイルで取得。PDFファイル、2026年、世帯全員分")]
    [InlineData(AuditKind.Restored, "system:suzuki", "backup=2026-11-30T20:59:00Z", "職員（suzuki）がバックアップから復元。2026年12月1日 5時59分 のバックアップ")]
    public void An_event_says_who_did_what_to_whom(AuditKind kind, string actor, string? detail, string sentence) =>
        Assert.Equal("2026年12月1日 5:59 " + sentence, AuditWords.Sentence(Shown(kind, actor.EndsWith(':') ? $"{actor}{Guid.CreateVersion7()}" : actor, detail)));

    [Fact]
    public void A_record_of_names_says_no_name_to_a_log()
    {
        Assert.DoesNotContain("汐田", $"{Shown(AuditKind.NoticesShown, "visitor", null)} {Kenichi}", StringComparison.Ordinal);
    }

    private static ShownEvent Shown(AuditKind kind, string actor, string? detail) =>
        new(Event(kind, actor, detail), actor.StartsWith("account:", StringComparison.Ordinal) ? Kenichi : null, Hanako, "健診のご案内");

    private static AuditEvent Event(AuditKind kind, string actor, string? detail) => new()
    {
        SocietyId = Guid.CreateVersion7(), At = new DateTimeOffset(2026, 11, 30, 20, 59, 30, TimeSpan.Zero), Actor = actor, Kind = kind, Detail = detail,
    };
}
