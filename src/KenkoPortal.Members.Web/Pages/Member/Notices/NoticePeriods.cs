using System.Globalization;
using KenkoPortal.Claims;

namespace KenkoPortal.Members.Web.Pages.Member.Notices;

/// <summary>The months, years and files of an address. What is none of them is no page.</summary>
public static class NoticePeriods
{
    private const int FirstYear = 1900;

    /// <summary><c>2026-04</c>.</summary>
    public static TreatmentMonth? Month(string? text) =>
        TreatmentMonth.TryParse(text, out var month) && month.Year >= FirstYear ? month : null;

    /// <summary><c>2026</c>.</summary>
    public static int? Year(string? text) =>
        text is { Length: 4 } && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year >= FirstYear ? year : null;
}

/// <summary>A part of an address that must be of a form.</summary>
public abstract class AddressConstraint(Func<string, bool> isRight) : IRouteConstraint
{
    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        values.TryGetValue(routeKey, out var value) && value is string text && isRight(text);
}

/// <summary><c>{month:month}</c>.</summary>
public sealed class MonthConstraint() : AddressConstraint(text => NoticePeriods.Month(text) is not null);

/// <summary><c>{year:year}</c>.</summary>
public sealed class YearConstraint() : AddressConstraint(text => NoticePeriods.Year(text) is not null);

/// <summary><c>{file:noticefile}</c>.</summary>
public sealed class NoticeFileConstraint() : AddressConstraint(text => NoticeFileName.Parse(text) is not null);
