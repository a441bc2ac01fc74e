using KenkoPortal.Design.Layout;
using KenkoPortal.Members.Web.Frames;
using KenkoPortal.Members.Web.Pages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace KenkoPortal.Web.Pages.Dev;

/// <summary>
/// Every component in every state, for eyes and for axe. Development only. <c>?errors=true</c> shows the states of a
/// refused form, <c>?signedOut=true</c> the frame before login, <c>?frame=false</c> the frame of an error page,
/// <c>?size=s|m|l</c> a text size.
/// </summary>
public sealed class DesignGalleryModel(IHostEnvironment environment) : PageModel
{
    public string? LoginId { get; set; } = "yamada-hanako";

    public string? Password { get; set; } = "never-shown1";

    public string? NewPassword { get; set; }

    public string? Mail { get; set; }

    public string? Nickname { get; set; } = "ご本人";

    public string? Code { get; set; }

    public string? DiscloseMedicalCosts { get; set; } = "closed";

    public string? DiscloseGenericDrugs { get; set; }

    public bool NotifyMedicalCosts { get; set; } = true;

    public bool NotifyGenericDrugs { get; set; }

    public IActionResult OnGet(bool errors = false, bool signedOut = false, bool frame = true, string? size = null)
    {
        if (!environment.IsDevelopment())
        {
            return NotFound();
        }

        ModelState.Clear();
        if (errors)
        {
            AddErrors();
        }

        var textSize = TextSizeCode.TryParse(size, out var asked) ? asked : TextSizeCode.Read(Request);
        var shown = new PageFrame { TextSize = textSize };
        if (frame)
        {
            shown = shown with
            {
                SocietyName = "みなと港運健康保険組合",
                SocietyAddress = "〒000-0000　架空県みなと市海岸通1丁目2番3号　港運会館4階",
                SocietyTel = "00-0000-0000",
                ReturnPath = "/dev/design",
                SignedIn = signedOut ? null : new SignedInFrame("ご本人", "2026年10月1日　10時15分")
                {
                    Navigation = MemberNavigation.Links,
                    CurrentPath = PageRoutes.MedicalCosts,
                },
            };
        }

        shown.PutIn(HttpContext);
        return Page();
    }

    private void AddErrors()
    {
        void Wrong(string key, string typed, params string[] messages)
        {
            ModelState.SetModelValue(key, typed, typed);
            foreach (var message in messages)
            {
                ModelState.AddModelError(key, message);
            }
        }

        Wrong(nameof(LoginId), "yamada12", "8文字のログインIDは、7文字目と8文字目に数字を使えません。");
        Wrong(nameof(NewPassword), "abc", "パスワードは8文字以上で入力してください。", "半角の英小文字と数字を、それぞれ1文字以上入れてください。");
        Wrong(nameof(Mail), "hanako＠example", "メールアドレスの形をご確認ください（例：name@example.jp）。");
        Wrong(nameof(DiscloseGenericDrugs), "", "「公開しない」か「公開する」を選んでください。");
        Wrong(nameof(NotifyGenericDrugs), "false", "この設定は今は変えられません。");
        ModelState.AddModelError("", "登録はまだ終わっていません。内容を直して、もう一度「登録」を押してください。");
    }
}
