package checklist

// Guard refuses a text that would be too costly to parse as Markdown, with a *RefusedError. Whoever parses somebody
// else's text calls it first.
func Guard(text string) error { return guard(text) }
