package diligence

import (
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/plugin"
)

const statusKey = fact.StatusKey

// Options are the plugin's options.
type Options struct {
	// Opening writes the status comment under each application that is opened; else it comes with the first of these commands.
	Opening bool `yaml:"opening"`
	// Labels is the beginning of the labels that are stages.
	Labels string `yaml:"labels"`
	// Order are the stages in which an application goes forward.
	Order []string `yaml:"order"`
	// Turn says who owes the next step in a stage: applicant, sponsors, staff, gitvote. "none" is before the first.
	Turn map[string]string `yaml:"turn"`
	// Clocks are how long a stage lasts, or a label of triage may stand, and "answers", "summaries" and "internal-review".
	Clocks map[string]plugin.Duration `yaml:"clocks"`
	// Texts are said when a stage begins, or a label of triage comes: Go templates with .Project, .Until, .Sponsors, .Issue.
	Texts map[string]string `yaml:"texts"`
	// Adopters are how many an application names, and how many have to be approved.
	Adopters struct {
		Listed   int `yaml:"listed"`
		Approved int `yaml:"approved"`
	} `yaml:"adopters"`
	// Names lets adopters have names here before they are approved and public: in a project's own tracker.
	Names bool `yaml:"names"`
	// Sponsors says who may make somebody a sponsor.
	Sponsors plugin.Allowed `yaml:"sponsors"`
	// Linked is what happens to an item when what it waits for is closed: tick, propose or show.
	Linked string `yaml:"linked"`
	// Tracks is which way ticks go between this issue and the other one about the same: from (there to here) or show.
	Tracks string `yaml:"tracks"`
	// Findings is how issues for findings begin, their label, and whether ddbot opens them itself.
	Findings struct {
		Title string `yaml:"title"`
		Label string `yaml:"label"`
		Open  bool   `yaml:"open"`
	} `yaml:"findings"`
	// QueueLabel marks the issue in which the table of all open applications is kept, written anew each day; empty is none.
	QueueLabel string `yaml:"queueLabel"`
	// NotReady is the label of an application that was closed as not ready; empty is none.
	NotReady string `yaml:"notReady"`
	// Remind has who is late told so, once a week at most.
	Remind bool `yaml:"remind"`
	// Freezes are times in which nothing is decided.
	Freezes []Freeze `yaml:"freezes"`
}

// Freeze is such a time; days as 2026-11-09.
type Freeze struct {
	Name string `yaml:"name"`
	From string `yaml:"from"`
	To   string `yaml:"to"`
}

// Options gives the defaults: the process of cncf/toc.
func (Plugin) Options() any {
	o := &Options{
		Labels: "dd/status/", Order: []string{"ready-for-assignment", "in-progress", "in-comment-period", "in-voting", "complete"},
		Turn: map[string]string{
			"none": diligence.Staff, "ready-for-assignment": diligence.Sponsors, "in-progress": diligence.Sponsors, "waiting": diligence.Applicant,
			"in-comment-period": diligence.Sponsors, "in-voting": diligence.Gitvote, "complete": diligence.Staff,
		},
		Clocks: map[string]plugin.Duration{"in-comment-period": 14 * plugin.Day, "answers": 14 * plugin.Day, "summaries": 14 * plugin.Day,
			"needs-more-information": 14 * plugin.Day, "internal-review": 7 * plugin.Day},
		Sponsors: plugin.Allowed{Roles: []plugin.Role{plugin.Staff, plugin.Maintainer, plugin.Sponsor}},
		Linked:   "propose", Tracks: "show", Remind: true, QueueLabel: "dd/queue",
	}
	o.Adopters.Listed, o.Adopters.Approved = 5, 3
	o.Findings.Title = "[CNCF] "
	o.Texts = map[string]string{
		"needs-adopters":            "The application of {{.Project}} names five to seven adopters that the TOC can talk to. Those that it lists in public stand in the description; who is to be asked is told to the sponsor in private. `/dd adopter add INDUSTRY` keeps count.",
		"needs-more-information":    "Something is missing in the application of {{.Project}}: what it is stands here as questions, and `/dd answer Qn …` answers one.",
		"needs-security-assessment": "The application of {{.Project}} needs a security self-assessment in cncf/toc before it goes on.",
		"ready-for-assignment":      "The application of {{.Project}} has what it needs, and waits for a sponsor.",
		"in-comment-period":         "The public comment period for {{.Project}} is open until {{.Until}}. Please comment here: {{.Issue}}",
		"not-ready":                 "The application of {{.Project}} is not ready yet. What is missing stands below; a new application can take it over.",
		"in-voting":                 "The due diligence of {{.Project}} is ready for the vote.",
	}
	return o
}

// Validate finds what cannot be meant.
func (o *Options) Validate() []error {
	errs := o.Sponsors.Validate("sponsors")
	for stage, who := range o.Turn {
		switch who {
		case diligence.Applicant, diligence.Sponsors, diligence.Staff, diligence.Gitvote:
		default:
			errs = append(errs, plugin.FieldErrorf("turn."+stage, "it is the turn of applicant, sponsors, staff or gitvote, not %q", who))
		}
	}
	for name, d := range o.Clocks {
		if d < 0 {
			errs = append(errs, plugin.FieldErrorf("clocks."+name, "a clock runs forward"))
		}
	}
	if o.Linked != "tick" && o.Linked != "propose" && o.Linked != "show" {
		errs = append(errs, plugin.FieldErrorf("linked", "it is tick, propose or show, not %q", o.Linked))
	}
	if o.Tracks != "from" && o.Tracks != "show" {
		errs = append(errs, plugin.FieldErrorf("tracks", "it is from or show, not %q", o.Tracks))
	}
	for stage, text := range o.Texts {
		if _, err := standard(text, page{}); err != nil {
			errs = append(errs, plugin.FieldErrorf("texts."+stage, "%v", err))
		}
	}
	for i, f := range o.Freezes {
		if _, err := f.days(); err != nil {
			errs = append(errs, plugin.FieldErrorf("freezes", "number %d: days are written 2026-11-09: %v", i+1, err))
		}
	}
	return errs
}

func (f Freeze) days() (out diligence.Freeze, err error) {
	out.Name = f.Name
	if out.From, err = time.Parse(time.DateOnly, f.From); err == nil {
		out.To, err = time.Parse(time.DateOnly, f.To)
	}
	return out, err
}

// Rules are the options as pkg/diligence has them.
func (o *Options) Rules() diligence.Rules {
	r := diligence.Rules{
		Order: o.Order, Turn: map[string]string{}, Clocks: map[string]time.Duration{}, Listed: o.Adopters.Listed, Approved: o.Adopters.Approved,
	}
	for stage, who := range o.Turn {
		r.Turn[strings.TrimPrefix(stage, "none")] = who
	}
	for name, d := range o.Clocks {
		r.Clocks[name] = time.Duration(d)
	}
	for _, f := range o.Freezes {
		if days, err := f.days(); err == nil {
			r.Freezes = append(r.Freezes, days)
		}
	}
	return r
}
