using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace KenkoPortal.Web.Infrastructure.Security;

/// <summary>
/// Lets a posted form fill its page from the body and the path alone, on every page: a password in a query would stand in logs and histories (ASVS 14.2.1,
/// row Z7). A page that is looked at may still name a parameter of its query.
/// </summary>
public sealed class FormValuesOnly : IResourceFilter
{
    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        if (!HttpMethods.IsGet(context.HttpContext.Request.Method) && !HttpMethods.IsHead(context.HttpContext.Request.Method))
        {
            context.ValueProviderFactories.RemoveType<QueryStringValueProviderFactory>();
        }
    }

    public void OnResourceExecuted(ResourceExecutedContext context)
    {
    }
}
