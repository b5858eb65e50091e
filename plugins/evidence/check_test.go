package evidence

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/decide"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/evidence"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

var now = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

const application = "Project Repo(s): https://github.com/acme/tool\n\n## Governance\n\n- [ ] Clear and discoverable project governance documentation.\n- [x] Something else.\n"

// decided is what the plugin decides about an event, when all that it asks for is known: of the project, and of what was remembered.
func decided(t *testing.T, e event.Event, o Options, got Gathered, checked string) (*decide.Decision, string) {
	t.Helper()
	s := decide.Input{
		Events: []event.Event{e}, Issue: e.Issue, Facts: &fact.Set{}, Now: now, Settings: plugin.DefaultSettings([]plugin.Plugin{Plugin{}}), Self: "ddbot[bot]",
	}
	*s.Settings.Options["evidence"].(*Options) = o
	var asked []string
	for {
		out, err := decide.Plan(s)
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Missing) == 0 {
			return out, strings.Join(asked, ", ")
		}
		for _, k := range out.Missing {
			asked = append(asked, k.String())
			switch k.Kind {
			case fact.KindEvidence:
				s.Facts.Put(k, got)
			case fact.KindNotice:
				s.Facts.Put(k, int64(7))
			case fact.KindRecord:
				s.Facts.Put(k, []byte(checked))
			default:
				t.Fatalf("it asks for %v", k)
			}
		}
	}
}

func looked() Gathered {
	return Gathered{Facts: &evidence.Facts{
		Project: evidence.Project{Main: "acme/tool"}, Level: evidence.Incubation, Now: now, Library: evidence.NewLibrary(evidence.Project{Main: "acme/tool"}, nil), Gaps: map[string]string{},
	}}
}

func snapshot(body string) issue.Snapshot {
	return issue.Snapshot{Ref: issue.Ref{Owner: "cncf", Repo: "toc", Number: 1}, RepoID: 1, Author: "alice", State: issue.Open, Body: body, Labels: []string{"kind/dd"}, UpdatedAt: now}
}

func comment(body, text string) event.Event {
	alice := event.User{Login: "alice"}
	c := event.Comment{ID: 1, Body: text, Author: alice, CreatedAt: now}
	return event.Event{Kind: event.CommentCreated{Comment: c}, Issue: snapshot(body), Sender: alice, Received: now}
}

// TestCheck: /dd check answers once in ten minutes for all, and at any time for one item; what cannot be looked at says why.
func TestCheck(t *testing.T) {
	ago := func(d time.Duration) string { return now.Add(-d).Format(time.RFC3339) }
	for _, c := range []struct {
		name, body, text, checked string
		got                       Gathered
		want, not                 string
		asked                     string
	}{
		{"all", application, "/dd check", "", looked(), "at what the 2 boxes of it say", "looks again", "record checked, evidence acme/tool"},
		{"all, ten minutes later", application, "/dd check", ago(10 * time.Minute), looked(), "at what the 2 boxes of it say", "looks again", "record checked, evidence acme/tool"},
		{"all, too early", application, "/dd check", ago(10*time.Minute - time.Second), looked(), "`/dd check` looks again after 12:00 UTC", "boxes", "record checked"},
		{"one, at any time", application, "/dd check governance.2", ago(time.Second), looked(), "This is what a program sees", "governance documentation", "record checked, evidence acme/tool"},
		{"one that is none", application, "/dd check nonsense", "", looked(), "I can't find that item", "boxes", ""},
		{"no list", "Project Repo: https://github.com/acme/tool\n", "/dd check", "", looked(), "There is no checklist", "", "record checked"},
		{"no project", "- [ ] one\n", "/dd check", "", looked(), "I can't tell which project", "", "record checked"},
		{"not now", application, "/dd check", "", Gathered{Why: "@somebody took it away"}, "I could not look at the project's repositories: @\u200bsomebody took it away.", "", "record checked, evidence acme/tool"},
	} {
		out, asked := decided(t, comment(c.body, c.text), Options{}, c.got, c.checked)
		said := strings.Join(out.Draft.Answers[0].Text, "\n")
		if !strings.Contains(said, c.want) || c.not != "" && strings.Contains(said, c.not) || asked != c.asked {
			t.Errorf("%s: asked for %s; it says %q", c.name, asked, said)
		}
		if remembers := len(out.Draft.Records) == 1; remembers != strings.Contains(c.want, "boxes") {
			t.Errorf("%s: remembers %v", c.name, out.Draft.Records)
		}
	}
}

// TestHandle: an application is looked at when it is opened and once a week, where that is configured; nobody asked, so what cannot be
// checked is not spoken of. The one comment about it is edited in place.
func TestHandle(t *testing.T) {
	for _, c := range []struct {
		name   string
		kind   event.Kind
		o      Options
		change func(*issue.Snapshot)
		got    Gathered
		want   bool
	}{
		{"opened", event.Opened{}, Options{Opening: true}, nil, looked(), true},
		{"opened, not configured", event.Opened{}, Options{Weekly: true}, nil, looked(), false},
		{"a week later", event.Weekly{}, Options{Weekly: true}, nil, looked(), true},
		{"a week later, not configured", event.Weekly{}, Options{Opening: true}, nil, looked(), false},
		{"closed", event.Closed{}, Options{Opening: true, Weekly: true}, nil, looked(), false},
		{"not tracked", event.Opened{}, Options{Opening: true}, func(s *issue.Snapshot) { s.Labels = nil }, looked(), false},
		{"a pull request", event.Opened{}, Options{Opening: true}, func(s *issue.Snapshot) { s.PullRequest = true }, looked(), false},
		{"closed meanwhile", event.Weekly{}, Options{Weekly: true}, func(s *issue.Snapshot) { s.State = issue.Closed }, looked(), false},
		{"no list", event.Opened{}, Options{Opening: true}, func(s *issue.Snapshot) { s.Body = "Words." }, looked(), false},
		{"not now", event.Opened{}, Options{Opening: true}, nil, Gathered{Why: "no"}, false},
	} {
		e := event.Event{Kind: c.kind, Issue: snapshot(application), Sender: event.User{Login: "alice"}, Received: now}
		if c.change != nil {
			c.change(&e.Issue)
		}
		out, _ := decided(t, e, c.o, c.got, "")
		if got := len(out.Draft.Notices) == 1; got != c.want || len(out.Draft.Requests()) > 0 != c.want {
			t.Errorf("%s: %v", c.name, plan.Texts(out.Draft.Requests()))
		}
		if c.want && fmt.Sprint(plan.Texts(out.Draft.Requests())) != "[PATCH comment (notice evidence)]" {
			t.Errorf("%s: %v", c.name, plan.Texts(out.Draft.Requests()))
		}
	}
}

// TestOptions: templates by level, and what the sweep is told.
func TestOptions(t *testing.T) {
	o := Options{Weekly: true, Templates: Templates{Incubation: "a", Graduation: "b"}}
	if o.Templates.Of(evidence.Incubation) != "a" || o.Templates.Of(evidence.Graduation) != "b" || o.Templates.Of("sandbox") != "" || !o.EachWeek() || (&Options{}).EachWeek() {
		t.Errorf("%+v", o)
	}
}
