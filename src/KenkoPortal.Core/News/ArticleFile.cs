using System.Text;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Letters;

namespace KenkoPortal.Core.News;

/// <summary>
/// An article's file: UTF-8, above the text a block between two lines <c>---</c> with <c>title</c>, <c>date</c>, <c>category</c> (news or topic), and where wanted
/// <c>until</c> and <c>attachments</c> (names relative to the file, after commas or one a line behind <c>-</c>); below it Markdown.
/// </summary>
public static class ArticleFile
{
    public const int MaxTitle = 100;
    public const int MaxBody = 100_000;
    public const int MaxAttachments = 10;
    public const int MaxAttachmentBytes = 10 * 1024 * 1024;

    private const string Fence = "---";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What may be handed out; nothing that a browser would run.</summary>
    private static readonly Dictionary<string, string> MediaTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        [".pdf"] = "application/pdf",
        [".png"] = "image/png",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".gif"] = "image/gif",
        [".csv"] = "text/csv",
        [".txt"] = "text/plain",
        [".xlsx"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        [".docx"] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        [".pptx"] = "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    };

    /// <param name="key">The file's name without its ending.</param>
    /// <param name="file">Its bytes.</param>
    /// <param name="attachment">Reads a file beside it; null where there is none.</param>
    /// <param name="faults">Everything that is wrong, by line.</param>
    /// <returns>Null where anything is wrong.</returns>
    public static ArticleDraft? Read(string key, byte[] file, Func<string, byte[]?> attachment, out IReadOnlyList<ArticleFault> faults)
    {
        var reading = new Reading(key, attachment);
        var draft = reading.Read(file);
        faults = [.. reading.Faults.OrderBy(f => f.Line)];
        return faults.Count == 0 ? draft : null;
    }

    private sealed class Reading(string key, Func<string, byte[]?> attachment)
    {
        private readonly Dictionary<string, (int Line, string Value)> _fields = new(StringComparer.Ordinal);
        private readonly List<(int Line, string Name)> _attachments = [];

        public List<ArticleFault> Faults { get; } = [];

        public ArticleDraft? Read(byte[] file)
        {
            if (!PlainText.IsPlain(key) || key.Trim().Length is 0 or > 100)
            {
                Fail(1, ArticleText.KeyForm);
            }

            if (Decoded(file) is not { } text)
            {
                return null;
            }

            var lines = text.ReplaceLineEndings("\n").Split('\n');
            if (lines[0].TrimEnd() != Fence)
            {
                Fail(1, ArticleText.NoFence);
                return null;
            }

            var end = Array.FindIndex(lines, 1, line => line.TrimEnd() == Fence);
            if (end < 0)
            {
                Fail(lines.Length, ArticleText.NoEndFence);
                return null;
            }

            ReadFields(lines.AsSpan(1, end - 1));
            var body = string.Join('\n', lines[(end + 1)..]).Trim('\n');
            JudgeBody(body, end + 1 + lines[(end + 1)..].TakeWhile(line => line.Length == 0).Count());
            var (title, published, until, category) = (Title(), Day("date", isRequired: true), Day("until", isRequired: false), Category());
            if (until < published)
            {
                Fail(_fields["until"].Line, ArticleText.UntilBeforeDate);
            }

            var files = Attachments();
            if (!ArticleMarkup.CanBeShown(body))
            {
                Fail(end + 2 + lines[(end + 1)..].TakeWhile(l => l.Length == 0).Count(), ArticleText.TooDeep);
                return null;
            }

            foreach (var (line, target) in ArticleMarkup.BadTargets(body, [.. _attachments.Select(a => Path.GetFileName(a.Name)).Distinct(StringComparer.OrdinalIgnoreCase)]))
            {
                Fail(end + 2 + line + lines[(end + 1)..].TakeWhile(l => l.Length == 0).Count(), ArticleText.BadTarget.With(PlainText.Shown(target)));
            }

            return new ArticleDraft(key, category, title, published ?? default, until, body, files);
        }

        private string? Decoded(byte[] file)
        {
            try
            {
                var text = Strict.GetString(file);
                return text.StartsWith('\uFEFF') ? text[1..] : text;
            }
            catch (DecoderFallbackException exception)
            {
                Fail(file.AsSpan(0, Math.Clamp(exception.Index, 0, file.Length)).Count((byte)'\n') + 1, ArticleText.NotUtf8);
                return null;
            }
        }

        private void ReadFields(ReadOnlySpan<string> lines)
        {
            var isList = false;
            for (var i = 0; i < lines.Length; i++)
            {
                var (line, number) = (lines[i].Trim(), i + 2);
                if (isList && line.StartsWith("- ", StringComparison.Ordinal))
                {
                    _attachments.Add((number, Unquoted(line[2..])));
                    continue;
                }

                isList = false;
                if (line.Length == 0 || line[0] == '#')
                {
                    continue;
                }

                var colon = line.IndexOf(':', StringComparison.Ordinal);
                var name = colon < 0 ? "" : line[..colon].Trim().ToLowerInvariant();
                if (name is not ("title" or "date" or "until" or "category" or "attachments"))
                {
                    Fail(number, ArticleText.UnknownField.With(PlainText.Shown(line, 60)));
                    continue;
                }

                var value = Unquoted(line[(colon + 1)..]);
                if (!_fields.TryAdd(name, (number, value)))
                {
                    Fail(number, ArticleText.FieldTwice.With(name, _fields[name].Line));
                }
                else if (name == "attachments")
                {
                    isList = value.Length == 0;
                    _attachments.AddRange(value.Trim('[', ']').Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(v => (number, Unquoted(v))));
                }
            }
        }

        private string Title()
        {
            if (Field("title") is not var (line, title))
            {
                return "";
            }

            if (!PlainText.IsPlain(title) || title.Length > MaxTitle)
            {
                Fail(line, ArticleText.TitleForm.With(MaxTitle));
            }

            return title;
        }

        private DateOnly? Day(string name, bool isRequired)
        {
            if (!isRequired && (!_fields.TryGetValue(name, out var given) || given.Value.Length == 0))
            {
                return null;
            }

            if (Field(name) is not var (line, value))
            {
                return null;
            }

            if (JapaneseDate.TryParse(value, out var day))
            {
                return day;
            }

            Fail(line, ArticleText.DateForm.With(name, PlainText.Shown(value)));
            return null;
        }

        private ArticleCategory Category()
        {
            if (Field("category") is not var (line, value))
            {
                return default;
            }

            switch (value.ToLowerInvariant())
            {
                case "news":
                    return ArticleCategory.News;
                case "topic":
                    return ArticleCategory.Topic;
                default:
                    Fail(line, ArticleText.CategoryForm.With(PlainText.Shown(value)));
                    return default;
            }
        }

        private void JudgeBody(string body, int line)
        {
            if (string.IsNullOrWhiteSpace(body))
            {
                Fail(line, ArticleText.NoBody);
            }
            else if (body.Length > MaxBody)
            {
                Fail(line, ArticleText.BodyTooLong.With(MaxBody));
            }

            var at = body.AsSpan().IndexOfAnyInRange('\0', '\u0008');
            if (at >= 0)
            {
                Fail(line + body.AsSpan(0, at).Count('\n') + 1, ArticleText.ControlCharacter);
            }
        }

        private List<ArticleDraftFile> Attachments()
        {
            List<ArticleDraftFile> files = [];
            if (_attachments.Count > MaxAttachments)
            {
                Fail(_attachments[MaxAttachments].Line, ArticleText.TooManyAttachments.With(MaxAttachments));
                return files;
            }

            foreach (var (line, name) in _attachments)
            {
                var file = Path.GetFileName(name);
                var shown = PlainText.Shown(name);
                if (file.Length is 0 or > 100 || !PlainText.IsPlain(name) || Path.IsPathRooted(name) || name.Contains('\\', StringComparison.Ordinal)
                    || name.Split('/').Contains("..", StringComparer.Ordinal))
                {
                    Fail(line, ArticleText.AttachmentName.With(shown));
                }
                else if (!MediaTypes.TryGetValue(Path.GetExtension(file), out var type))
                {
                    Fail(line, ArticleText.AttachmentType.With(shown, string.Join(' ', MediaTypes.Keys)));
                }
                else if (files.Exists(f => string.Equals(f.FileName, file, StringComparison.OrdinalIgnoreCase)))
                {
                    Fail(line, ArticleText.AttachmentTwice.With(shown));
                }
                else if (attachment(name) is not { } content)
                {
                    Fail(line, ArticleText.AttachmentMissing.With(shown));
                }
                else if (content.Length > MaxAttachmentBytes)
                {
                    Fail(line, ArticleText.AttachmentTooLarge.With(shown, MaxAttachmentBytes / (1024 * 1024)));
                }
                else if (LetterMark.IsIn(content, isText: type.StartsWith("text/", StringComparison.Ordinal)))
                {
                    Fail(line, ArticleText.AttachmentIsLetter.With(shown));
                }
                else
                {
                    files.Add(new ArticleDraftFile(file, type, content));
                }
            }

            return files;
        }

        private (int Line, string Value)? Field(string name)
        {
            if (_fields.TryGetValue(name, out var field) && field.Value.Length > 0)
            {
                return field;
            }

            Fail(_fields.TryGetValue(name, out var empty) ? empty.Line : 1, ArticleText.FieldMissing.With(name));
            return null;
        }

        private void Fail(int line, string message) => Faults.Add(new ArticleFault(Math.Max(1, line), message));

        private static string Unquoted(string text)
        {
            var trimmed = text.Trim();
            return trimmed is ['"', .., '"'] or ['\'', .., '\''] ? trimmed[1..^1] : trimmed;
        }
    }
}
