// Package demo lets people try ddbot without an account, a network or a configuration: a simulated GitHub with one
// promotion issue, the real server behind it, and a page that looks like the issue.
//
// A [World] is the simulated GitHub with its people; [NewWorld] seeds it and Connect sends its webhooks to the bot, which
// talks back over HTTP as it would with github.com. [World.Page] is the page, [Play] plays a script without one.
//
// The page speaks this API, which tests may use as well. Answers are JSON; an error is {"error": TEXT}.
//
//	GET  /                          the page
//	GET  /api/state                 the State
//	POST /api/comment  {"as", "body"}             write a comment as somebody
//	POST /api/tick     {"as", "line" or "ref", "checked"}   click a box: edit the body as somebody
//	POST /api/clock    {"days"}                   let days go by, then do what is due
//	GET  /api/events                server-sent events: "data: N" says that State has a new version
//
// A POST answers with the State when the bot is done with what it caused. It needs Content-Type application/json and is
// refused when another site's page sends it. What GitHub refuses a person to do is 403 or 422 with GitHub's words.
package demo
