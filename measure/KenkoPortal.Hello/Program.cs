var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
await using var app = builder.Build();
app.MapGet("/", () => "hello");
await app.RunAsync();
