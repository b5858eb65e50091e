package plugin

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
)

var bob = event.User{Login: "bob"}

// knows is an input in which somebody has those roles and is in those teams; what is not told is not known yet.
func knows(roles []Role, teams map[string]bool) Input {
	s := &fact.Set{}
	for team, in := range teams {
		s.Put(fact.Key{Kind: fact.KindTeam, Arg: team + " bob"}, in)
	}
	return Input{Facts: s, Can: func(_ event.User, asked ...Role) (bool, error) {
		for _, r := range asked {
			if slices.Contains(roles, r) {
				return true, nil
			}
		}
		if roles == nil && len(asked) > 0 {
			return false, &fact.Missing{Key: fact.Key{Kind: fact.KindPermission, Arg: "bob"}}
		}
		return false, nil
	}}
}

// TestAllowed: who may is found with what is known; what is not known is asked for together and is never a no.
func TestAllowed(t *testing.T) {
	a := Allowed{Roles: []Role{Staff}, Teams: []string{"acme/x", "acme/y"}, Users: []string{"Carol"}}
	for _, c := range []struct {
		name string
		in   Input
		by   event.User
		want bool
		asks string
	}{
		{"by name", Input{}, event.User{Login: "carol"}, true, "[]"},
		{"by role, whatever else is not known", knows([]Role{Staff}, nil), bob, true, "[]"},
		{"by team", knows([]Role{}, map[string]bool{"acme/x": false, "acme/y": true}), bob, true, "[]"},
		{"by nothing", knows([]Role{}, map[string]bool{"acme/x": false, "acme/y": false}), bob, false, "[]"},
		{"nothing is known", knows(nil, nil), bob, false, "[permission bob team acme/x bob team acme/y bob]"},
	} {
		may, err := a.Has(c.in, c.by)
		if may != c.want || fmt.Sprint(fact.MissingKeys(err)) != c.asks {
			t.Errorf("%s: %v, %v", c.name, may, err)
		}
	}
}

// TestAllowedText names who may, in a sentence.
func TestAllowedText(t *testing.T) {
	for want, a := range map[string]Allowed{
		"nobody":                    {},
		"anyone":                    {Roles: []Role{Anyone}},
		"maintainers and staff":     {Roles: []Role{Maintainer, Staff}},
		"the team `a/b` and `carl`": {Teams: []string{"a/b"}, Users: []string{"carl"}},
		"sponsors (`tom`), the author (`ann`) and `carl`": Allowed{Roles: []Role{Sponsor, Author}, Users: []string{"carl"}}.In(Input{WhoIs: func(r Role) string {
			return plurals[r] + map[Role]string{Sponsor: " (`tom`)", Author: " (`ann`)"}[r]
		}}),
	} {
		if got := a.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := (Command{Who: []Role{Author, Staff}}).WhoCan() + "; " + (Command{Who: []Role{Anyone}, WhoElse: "the author"}).WhoCan(); got != "author, staff; the author" {
		t.Error(got)
	}
}

// TestAllowedValidate finds what cannot be meant, and where it stands.
func TestAllowedValidate(t *testing.T) {
	errs := Allowed{Roles: []Role{Staff, "king"}, Teams: []string{"a/b", "@a/b", "a", "a/"}, Users: []string{"ann", "@bob", "", "a/b", "a b"}}.Validate("close")
	var got []string
	for _, err := range errs {
		var f interface{ Field() string }
		if !errors.As(err, &f) || !strings.HasPrefix(err.Error(), f.Field()+": ") {
			t.Fatalf("%v", err)
		}
		got = append(got, f.Field())
	}
	if want := "close.roles[1] close.teams[2] close.teams[3] close.users[1] close.users[2] close.users[3] close.users[4]"; strings.Join(got, " ") != want {
		t.Errorf("%s, want %s\n%v", strings.Join(got, " "), want, errs)
	}
	if errs := ValidateGlobs("labels", []string{"a/*", "", "[", "b"}); len(errs) != 2 || !strings.HasPrefix(errs[0].Error(), "labels[1]: ") || !strings.HasPrefix(errs[1].Error(), "labels[2]: ") {
		t.Errorf("%v", errs)
	}
}

// TestDuration: lengths of time as people write them, and nothing that could be meant in two ways.
func TestDuration(t *testing.T) {
	for in, want := range map[string]time.Duration{
		"90d": 90 * 24 * time.Hour, "12w": 12 * 7 * 24 * time.Hour, "36h": 36 * time.Hour, "1w2d3h": (7*24 + 2*24 + 3) * time.Hour, "1h30m": 90 * time.Minute, "0s": 0, "0d": 0,
	} {
		var d Duration
		if err := d.UnmarshalText([]byte(in)); err != nil || time.Duration(d) != want {
			t.Errorf("%s: %v, %v", in, d, err)
		}
		text, _ := d.MarshalText()
		if again, err := ParseDuration(string(text)); err != nil || again != d {
			t.Errorf("%s is written as %s and read as %v, %v", in, text, again, err)
		}
	}
	for _, in := range []string{"", "90", "-1d", "-36h", "1d-2h", "d", "1.5d", "1y", "2d1w", "9999999999w", "1d1", "106752d", "15250w2d"} {
		var d Duration
		if err := d.UnmarshalText([]byte(in)); err == nil || d != 0 || !strings.Contains(err.Error(), "90d, 12w or 36h") {
			t.Errorf("%q: %v, %v", in, d, err)
		}
	}
	for d, want := range map[Duration]string{90 * Day: "90d", Day + Duration(time.Hour): "25h", Duration(90 * time.Minute): "1h30m", 0: "0s", Duration(10 * time.Second): "10s", Duration(time.Hour): "1h"} {
		if d.String() != want {
			t.Errorf("%v, want %s", d, want)
		}
	}
}

// keeper is a plugin that keeps labels whose names begin with "kept".
type keeper struct{ off map[string]error }

func (keeper) Name() string                                         { return "keeper" }
func (keeper) Help() string                                         { return "" }
func (keeper) Commands(any) []Command                               { return nil }
func (keeper) Handle(Input) ([]plan.Effect, error)                  { return nil, nil }
func (keeper) Spares(Input, event.User, []string) ([]string, error) { return []string{"kept/*"}, nil }

func (k keeper) Keeps(_ Input, _ event.User, label string, on bool) (bool, Allowed, error) {
	return strings.HasPrefix(label, "kept") && (on || strings.HasSuffix(label, "!")), Allowed{Roles: []Role{Staff}}, k.off[label]
}

// TestSet: a label that is kept for others is neither put on nor made to go; whoever only takes what is free is not asked more.
func TestSet(t *testing.T) {
	missing := &fact.Missing{Key: fact.Key{Kind: fact.KindOwners}}
	for _, c := range []struct {
		name      string
		labels    []string
		exclusive []string
		have      []string
		off       map[string]error
		lag       bool
		want      string
	}{
		{"free", []string{"a"}, nil, nil, nil, false, "label + a"},
		{"kept", []string{"kept"}, nil, nil, nil, false, "`kept` is for staff here."},
		{"kept, and there already", []string{"kept"}, nil, []string{"Kept"}, nil, false, "label + kept"},
		{"kept, and perhaps there", []string{"kept"}, nil, []string{"kept"}, nil, true, "`kept` is for staff here."},
		{"a neighbour may go", []string{"a/x"}, []string{"*"}, []string{"kept"}, nil, false, "label + a/x (alone among *)"},
		{"a neighbour may not", []string{"a/x"}, []string{"*"}, []string{"kept!"}, nil, false, "`a/x` would remove `kept!`, which is for staff here."},
		{"a neighbour of another group", []string{"a/x"}, []string{"a/*"}, []string{"kept!"}, nil, false, "label + a/x (alone among a/*)"},
		{"not known yet", []string{"kept", "a", "b"}, nil, nil, map[string]error{"a": missing, "b": missing}, false, "[owners owners]"},
	} {
		k := keeper{c.off}
		catalog := NewCatalog([]Plugin{k}, nil, "")
		in := Input{Issue: issue.Snapshot{Labels: c.have}, MayLag: c.lag, Catalog: catalog}
		in.Guard = func() (Guard, Input) { return catalog.GuardOf().(Guard), in }
		effects, err := in.Set(bob, c.labels, c.exclusive)
		got := ""
		switch keys := fact.MissingKeys(err); {
		case len(keys) > 0:
			got = fmt.Sprint(keys)
		case err != nil:
			got = err.Error()
		default:
			got = effects[0].String()
			if spare := effects[0].(plan.AddLabels).Spare; len(spare) != 1 {
				t.Errorf("%s: spares %v", c.name, spare)
			}
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	in := Input{}
	if effects, err := in.Set(bob, []string{"kept"}, []string{"*"}); err != nil || effects[0].String() != "label + kept (alone among *)" {
		t.Errorf("without a guard: %v, %v", effects, err)
	}
	if effects, err := in.Unset(bob, []string{"kept!"}); err != nil || effects[0].String() != "label - kept!" {
		t.Errorf("without a guard: %v, %v", effects, err)
	}
	in.Guard = func() (Guard, Input) { return keeper{}, in }
	if _, err := in.Unset(bob, []string{"a", "kept!"}); err == nil || err.Error() != "`kept!` is for staff here." {
		t.Errorf("%v", err)
	}
	if effects, err := in.Unset(bob, []string{"a", "kept"}); err != nil || effects[0].String() != "label - a, kept" {
		t.Errorf("%v, %v", effects, err)
	}
	if NewCatalog(nil, nil, "").GuardOf() != nil {
		t.Error("a guard where there is no plugin")
	}
}

// labeled is a plugin that works with labels.
type labeled struct {
	keeper
	labels []Label
}

func (l labeled) Labels(any) []Label { return l.labels }
func (labeled) Options() any         { return &struct{}{} }

// TestLabels: each label that the configuration needs is there once, and a pattern is none.
func TestLabels(t *testing.T) {
	s := DefaultSettings([]Plugin{labeled{labels: []Label{{Name: "b", Color: "1"}, {Name: "Kind/DD", Color: "2"}}}})
	var names []string
	for _, l := range s.Labels() {
		names = append(names, l.Name+"="+l.Color)
	}
	if got := strings.Join(names, " "); got != "b=1 Kind/DD=2" {
		t.Error(got)
	}
	s.Tracked.Labels = []string{"dd/*", "tracked"}
	if all := s.Labels(); len(all) != 3 || all[2].Name != "tracked" {
		t.Errorf("%v", all)
	}
	if s.Tracked.All = true; len(s.Labels()) != 2 {
		t.Errorf("%v", s.Labels())
	}
}

// TestOptions: options of another type are a mistake in code.
func TestOptions(t *testing.T) {
	if o := Options[int](Input{Options: new(3)}); *o != 3 {
		t.Error(*o)
	}
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	Options[int](Input{Options: new("x")})
}

// TestUserError: what a person is told is no failure of ours.
func TestUserError(t *testing.T) {
	err := fmt.Errorf("x: %w", Userf("  %s is not there.\n", "a"))
	var user *UserError
	if !errors.As(err, &user) || user.Text != "a is not there." || errors.Is(err, Silent) {
		t.Errorf("%v", err)
	}
}
