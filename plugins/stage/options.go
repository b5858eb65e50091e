package stage

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// Options are the plugin's options.
type Options struct {
	// Who may set and take off these labels.
	Who plugin.Allowed `yaml:"who"`
	// Groups are the labels of each command, by its word: those of cncf/toc, and any other that is configured. A group without
	// values is none.
	Groups map[string]Group `yaml:"groups"`
}

// Group is what one command sets.
type Group struct {
	// Clears are globs of labels that go when any value of the group is set: the group's own labels where an issue
	// carries one of them at most.
	Clears []string `yaml:"clears,omitempty"`
	// Values are what the command takes.
	Values []Value `yaml:"values"`
}

// Value is one argument, the label that it sets, and globs of labels that go when it is set.
type Value struct {
	Name   string   `yaml:"name"`
	Label  string   `yaml:"label"`
	Clears []string `yaml:"clears,omitempty"`
}

// usual are the groups of cncf/toc, in the order in which help shows them.
var usual = []string{"status", "triage", "adopters", "gov-review", "tech-review", "sec-review"}

// words are the groups that there are, the usual ones first.
func (o *Options) words() (out []string) {
	for _, w := range append(slices.Clone(usual), slices.Sorted(maps.Keys(o.Groups))...) {
		if len(o.Groups[w].Values) > 0 && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// reWord is what the word of a command looks like.
var reWord = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// Options are the labels of cncf/toc (its labels.yaml). A status leaves the labels of the reviews alone; the reasons
// for waiting in triage end with any of them, as by the TOC's own rule.
func (Plugin) Options() any {
	status := one("status", "ready-for-assignment", "in-progress", "in-comment-period", "in-voting", "complete", "waiting")
	status.Clears = append(status.Clears, "dd/triage/*", "dd/needs-triage")
	triage := Group{
		Clears: []string{"dd/needs-triage"},
		Values: append(values("triage", "needs-adopters", "needs-more-information", "needs-security-assessment"),
			Value{Name: "needs-triage", Label: "dd/needs-triage", Clears: []string{"dd/triage/*"}}),
	}
	groups := map[string]Group{"status": status, "triage": triage}
	for _, review := range usual[2:] {
		groups[review] = one(review, "not-started", "in-progress", "complete")
	}
	return &Options{
		Who:    plugin.Allowed{Roles: []plugin.Role{plugin.Sponsor, plugin.Staff, plugin.Maintainer}},
		Groups: groups,
	}
}

// one is a group of which an issue carries one label at most.
func one(word string, names ...string) Group {
	return Group{Clears: []string{"dd/" + word + "/*"}, Values: values(word, names...)}
}

func values(word string, names ...string) []Value {
	out := make([]Value, len(names))
	for i, n := range names {
		out[i] = Value{Name: n, Label: "dd/" + word + "/" + n}
	}
	return out
}

// Validate finds groups without a command, values without a label and globs that match nothing.
func (o *Options) Validate() []error {
	errs := o.Who.Validate("who")
	for _, word := range slices.Sorted(maps.Keys(o.Groups)) {
		g, field := o.Groups[word], "groups."+word
		if !reWord.MatchString(word) {
			errs = append(errs, plugin.FieldErrorf(field, "the name of a group is the word of its command: lower-case letters, digits and dashes"))
		}
		errs = append(errs, plugin.ValidateGlobs(field+".clears", g.Clears)...)
		for i, v := range g.Values {
			at := fmt.Sprintf("%s.values[%d]", field, i)
			if v.Name == "" || v.Label == "" || strings.ContainsAny(v.Name, " \t") {
				errs = append(errs, plugin.FieldErrorf(at, "a value needs a name of one word and a label, and this has %q and %q", v.Name, v.Label))
			}
			errs = append(errs, plugin.ValidateGlobs(at+".clears", v.Clears)...)
		}
	}
	return errs
}

// meant tells whether an argument is a value of the group, or nearly one.
func (g Group) meant(rest string) bool {
	for _, word := range fields(rest) {
		var names []string
		for _, v := range g.Values {
			if issue.SameLabel(v.Label, word) {
				return true
			}
			names = append(names, v.Name)
		}
		if plugin.Suggest(word, names) != "" {
			return true
		}
	}
	return false
}

// fields parts what stands after a command.
func fields(rest string) []string {
	return strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune(" \t\u00a0,", r) })
}
