namespace KenkoPortal.Core.News;

/// <summary>A file beside an article's text.</summary>
public sealed record ArticleDraftFile(string FileName, string MediaType, byte[] Content);

/// <summary>An article as its file has it.</summary>
public sealed record ArticleDraft(
    string Key, ArticleCategory Category, string Title, DateOnly PublishedOn, DateOnly? Until, string Body, IReadOnlyList<ArticleDraftFile> Attachments);

/// <summary>What is wrong at one line of an article's file, in the clerk's words.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Message">What was found and what belongs there.</param>
public sealed record ArticleFault(int Line, string Message)
{
    public string Render(string fileName) => $"{fileName}:{Line}: {Message}";
}
