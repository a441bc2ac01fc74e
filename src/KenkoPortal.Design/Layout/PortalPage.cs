using KenkoPortal.Core.Accounts;
using KenkoPortal.Design.Fields;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace KenkoPortal.Design.Layout;

/// <summary>What the portal's pages have in common.</summary>
public abstract class PortalPage : PageModel
{
    protected CancellationToken Aborted => HttpContext.RequestAborted;

    /// <summary>303: the browser fetches the page with GET, whatever led here.</summary>
    protected IActionResult SeeOther(string path)
    {
        Response.Headers.Location = path;
        return StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>A field of the form, taken only when it came exactly once.</summary>
    protected string Single(string name) => Request.Form[name] is [{ } value] ? value : "";

    /// <summary>Adds the fault of a field, unless there is none.</summary>
    protected void Refuse(string field, string? message)
    {
        if (message is not null)
        {
            ModelState.AddModelError(field, message);
        }
    }

    /// <summary>Judges a new login ID for a form.</summary>
    protected LoginId? ValidLoginId(string field, string? typed)
    {
        Refuse(field, FieldMessages.Of(LoginId.TryParse(typed, out var id)));
        return id;
    }

    /// <summary>Judges a new password and its repetition for a form.</summary>
    protected void JudgePassword(string field, string? password, string confirmField, string? confirmation, PasswordContext context)
    {
        var fault = PasswordPolicy.Judge(password, context);
        Refuse(field, FieldMessages.Of(fault));
        if (fault == PasswordFault.None && password != confirmation)
        {
            Refuse(confirmField, string.IsNullOrEmpty(confirmation) ? FieldText.ConfirmationEmpty : FieldText.ConfirmationDiffers);
        }
    }

    /// <summary>Shows another view in place of the page's own, with the same errors.</summary>
    protected ViewResult Show(string view, object model) => new()
    {
        ViewName = view,
        ViewData = new ViewDataDictionary(MetadataProvider, ModelState) { Model = model },
        TempData = TempData,
    };
}
