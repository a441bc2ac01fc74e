namespace KenkoPortal.Design.Requests;

/// <summary>Reads forms outside of pages.</summary>
public static class RequestForms
{
    /// <summary>The form; an empty one where there is none or it cannot be read. A page that needs it refuses it for its missing token.</summary>
    public static async Task<IFormCollection> ReadFormOrNoneAsync(this HttpRequest request)
    {
        try
        {
            return request.HasFormContentType ? await request.ReadFormAsync(request.HttpContext.RequestAborted) : FormCollection.Empty;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            // Cut short, too many fields, no boundary.
            return FormCollection.Empty;
        }
    }
}
