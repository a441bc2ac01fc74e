using KenkoPortal.Web.Infrastructure.Hosting;

var builder = PortalHost.CreateBuilder([], isProduction: false);
builder.AddServing();
var app = builder.Build();
app.UsePortal();
app.Run();
