package demo

import (
	"bytes"
	"embed"
	"hash/fnv"
	"html/template"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/checklist"
)

//go:embed static page.html
var files embed.FS

var page = template.Must(template.New("page.html").Funcs(template.FuncMap{
	"hue": hue, "initial": initial, "group": group, "name": func(login string) string { return strings.TrimSuffix(login, "[bot]") },
	"bot": func(login string) bool { return strings.HasSuffix(login, "[bot]") },
}).ParseFS(files, "page.html"))

// partNames are the parts of the page that change; each has a template of that name.
var partNames = []string{"state", "head", "body", "timeline", "progress", "clock", "calls"}

// view is what the templates see.
type view struct {
	*State
	BodyHTML  template.HTML
	EditedBy  string
	Opened    string
	Reactions []chip
	Timeline  []entry
	Sections  []*section
	Now       string
	Before    []Call
	Since     []Call
}

// Examples are offered above the comment box.
var Examples = []string{
	"/dd done technical", `/dd done "code of conduct" https://example.com/conduct`, "/dd done con", "/dd undo technical.3 not measured yet",
	"/dd status", "/dd help", "/lifecycle stale", "/close", "/reopen",
}

func newView(s *State, items []checklist.Item) *view {
	i := s.issue
	v := &view{
		State: s, BodyHTML: render(i.Body, items), Opened: ago(i.CreatedAt, s.Clock), Reactions: chips(i.Reactions),
		Timeline: timeline(i, s.Clock), Sections: sections(items), Now: s.Clock.Format("Mon 2 Jan 2006, 15:04 UTC"),
	}
	if n := len(i.Edits); n > 1 {
		v.EditedBy = i.Edits[n-1].By
	}
	n := len(s.Calls) - s.SinceLast
	v.Before, v.Since = slices.Clone(s.Calls[:n]), s.Calls[n:]
	slices.Reverse(v.Before)
	return v
}

// parts renders what changes.
func parts(s *State, items []checklist.Item) map[string]template.HTML {
	v := newView(s, items)
	out := map[string]template.HTML{}
	for _, name := range partNames {
		var b bytes.Buffer
		if err := page.ExecuteTemplate(&b, name, v); err != nil {
			panic(err) // the template does not fit its view: a mistake in the program
		}
		out[name] = template.HTML(b.String())
	}
	return out
}

// hue gives each login one of eight colours.
func hue(login string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(login))
	return int(h.Sum32() % 8)
}

func initial(login string) string {
	if login == Bot {
		return "dd"
	}
	return strings.ToUpper(login[:1])
}

// group is the part of a label's name that gives it its colour.
func group(label string) string {
	g, _, _ := strings.Cut(label, "/")
	return g
}
