namespace KenkoPortal.Design.Requests;

/// <summary>The header Retry-After of an answer 429 or 503.</summary>
public static class RetryAfter
{
    public const string Seconds = "10";
}
