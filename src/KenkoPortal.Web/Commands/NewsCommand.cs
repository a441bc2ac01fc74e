using System.CommandLine;
using System.Globalization;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.News;
using KenkoPortal.Core.Societies;
using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Web.Commands;

/// <summary><c>news add</c>, <c>news list</c> and <c>news remove</c>: what a society tells its members.</summary>
internal static class NewsCommand
{
    public static Command Build(CommandFrame frame) => new("news", CommandText.News) { Add(frame), List(frame), Remove(frame) };

    private static Command Add(CommandFrame frame)
    {
        var file = new Argument<string>("FILE") { Description = CommandText.NewsFile };
        var command = new Command("add", CommandText.NewsAdd) { file, frame.Society };
        frame.SetAction(command, run => run.InSocietyAsync(async (services, _) => await AddAsync(run, services, run.Value(file)!) ? PortalCommandLine.Done : PortalCommandLine.Refused));
        return command;
    }

    /// <summary>Brings an article into the society of the services' scope.</summary>
    /// <returns>False where the file has errors; they have been told.</returns>
    public static async Task<bool> AddAsync(CommandRun run, IServiceProvider services, string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var draft = ArticleFile.Read(Path.GetFileNameWithoutExtension(path), ReadAll(path), name => ReadAttachment(path, folder, name), out var faults);
        if (draft is null)
        {
            foreach (var fault in faults)
            {
                run.Complain(fault.Render(path));
            }

            run.Complain(CommandText.NewsHasErrors.With(faults.Count));
            return false;
        }

        var saving = await services.GetRequiredService<ArticleDesk>().SaveAsync(draft, run.Cancellation);
        run.Say(saving == ArticleSaving.Unchanged
            ? CommandText.NewsUnchanged.With(draft.Key)
            : (saving == ArticleSaving.Added ? CommandText.NewsAdded : CommandText.NewsReplaced).With(
                draft.Key,
                NameOf(draft.Category),
                JapanTime.Date(draft.PublishedOn),
                draft.Until is { } until ? CommandText.NewsUntil.With(JapanTime.Date(until)) : CommandText.NewsOpenEnd));
        return true;
    }

    /// <summary>Brings every article of a folder in, where there is one; the files' own faults are those of who ships them.</summary>
    public static async Task AddFolderAsync(CommandRun run, IServiceProvider services, Society society, string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        await using var scope = services.GetRequiredService<SocietyScopes>().Open(society, CommandRun.Act);
        foreach (var path in Directory.GetFiles(folder, "*.md").Order(StringComparer.Ordinal))
        {
            if (!await AddAsync(run, scope.ServiceProvider, path))
            {
                throw new PortalInputException(CommandText.DemoFailed.With(path));
            }
        }
    }

    private static Command List(CommandFrame frame)
    {
        var command = new Command("list", CommandText.NewsList) { frame.Society };
        frame.SetAction(command, run => run.InSocietyAsync(async (services, _) =>
        {
            var articles = await services.GetRequiredService<ArticleDesk>().ListAsync(run.Cancellation);
            foreach (var article in articles)
            {
                run.Say(CommandText.NewsLine.With(article.Key, NameOf(article.Category), Day(article.PublishedOn), article.Until is { } until ? Day(until) : "", article.Title));
            }

            if (articles.Count == 0)
            {
                run.Complain(CommandText.NewsNone);
            }

            return PortalCommandLine.Done;
        }));
        return command;
    }

    private static Command Remove(CommandFrame frame)
    {
        var key = new Argument<string>("KEY") { Description = CommandText.NewsKey };
        var command = new Command("remove", CommandText.NewsRemove) { key, frame.Society };
        frame.SetAction(command, run => run.InSocietyAsync(async (services, _) =>
        {
            var name = run.Value(key)!;
            if (!await services.GetRequiredService<ArticleDesk>().RemoveAsync(name, run.Cancellation))
            {
                throw new PortalInputException(CommandText.NewsUnknown.With(PlainText.Shown(name)));
            }

            run.Say(CommandText.NewsRemoved.With(name));
            return PortalCommandLine.Done;
        }));
        return command;
    }

    private static byte[] ReadAll(string path)
    {
        using var file = CommandFiles.OpenToRead(path);
        using var memory = new MemoryStream();
        file.CopyTo(memory);
        return memory.ToArray();
    }

    /// <exception cref="PortalInputException">There is a link on the way from the article's folder: it could lead to any file of this machine.</exception>
    private static byte[]? ReadAttachment(string article, string folder, string name)
    {
        var path = folder;
        foreach (var part in name.Split('/'))
        {
            path = Path.Combine(path, part);
            if (new FileInfo(path).LinkTarget is not null)
            {
                throw new PortalInputException(CommandText.NewsAttachmentLink.With(article, PlainText.Shown(name)));
            }
        }

        return File.Exists(path) ? ReadAll(path) : null;
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string NameOf(ArticleCategory category) => category == ArticleCategory.News ? CommandText.NewsCategoryNews : CommandText.NewsCategoryTopic;
}
