using System.ComponentModel.DataAnnotations;
using System.Net.Sockets;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Printing;
using KenkoPortal.Design.TagHelpers;
using Microsoft.AspNetCore.Connections;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace KenkoPortal.Web.Commands;

/// <summary>Says in Japanese what went wrong and what to do about it. Never a stack trace.</summary>
internal static class CommandFailure
{
    public static string Explain(Exception exception) => exception switch
    {
        CommitUnconfirmedException => DataText.CommitUnconfirmed,
        PortalInputException or LetterFontsMissingException => exception.Message,
        AggregateException { InnerExceptions: [var only] } => Explain(only),
        DbUpdateException { InnerException: { } inner } => Explain(inner),
        PostgresException postgres => OfPostgres(postgres),
        NpgsqlException => CommandText.PostgresUnreachable.With(Reason(exception)),
        SqliteException sqlite => OfSqlite(sqlite),
        OptionsValidationException options => CommandText.BadSettings.With(string.Join(" / ", options.Failures)),
        ValidationException => CommandText.BadSettings.With(exception.Message),
        AddressInUseException => CommandText.AddressInUse,
        IOException { InnerException: AddressInUseException } => CommandText.AddressInUse,
        SocketException { SocketErrorCode: SocketError.AccessDenied } => CommandText.AddressDenied,
        IOException { InnerException: SocketException { SocketErrorCode: SocketError.AccessDenied } } => CommandText.AddressDenied,
        UnauthorizedAccessException => CommandText.FileDenied.With(exception.Message),
        InvalidDataException => CommandText.FileDamaged.With(exception.Message),
        FileNotFoundException or DirectoryNotFoundException => CommandText.FileMissing.With(exception.Message),
        IOException => CommandText.FileFailed.With(exception.Message),
        TimeoutException => CommandText.TimedOut,
        InvalidOperationException { InnerException: NpgsqlException inner } => Explain(inner),
        _ => CommandText.Unexpected.With(exception.GetType().Name, exception.Message),
    };

    private static string OfPostgres(PostgresException exception) => exception.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => CommandText.PostgresLogin.With(exception.MessageText),
        PostgresErrorCodes.InvalidCatalogName => CommandText.PostgresNoDatabase.With(exception.MessageText),
        PostgresErrorCodes.InsufficientPrivilege when exception.MessageText.Contains("temporary", StringComparison.Ordinal) => CommandText.PostgresNoTemp.With(exception.MessageText),
        PostgresErrorCodes.InsufficientPrivilege when exception.MessageText.Contains("Societies", StringComparison.Ordinal) => DataText.OwnerNeeded,
        PostgresErrorCodes.InsufficientPrivilege => CommandText.PostgresDenied.With(exception.MessageText),
        PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.AdminShutdown =>
            CommandText.PostgresUnreachable.With(exception.MessageText),
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn => DataText.NotMigrated,
        _ => CommandText.DatabaseFailed.With($"{exception.SqlState} {exception.MessageText}"),
    };

    private static string OfSqlite(SqliteException exception) => exception.SqliteErrorCode switch
    {
        5 or 6 => CommandText.SqliteBusy,
        8 => CommandText.SqliteReadOnly,
        11 or 26 => CommandText.SqliteDamaged,
        13 => CommandText.DiskFull,
        14 => CommandText.SqliteCannotOpen,
        _ => CommandText.DatabaseFailed.With(exception.Message),
    };

    private static string Reason(Exception exception) => exception.GetBaseException().Message;
}
