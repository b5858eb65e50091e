package fact

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestMissing: what is not there is asked for by the key under which it is put, whichever letters a name is written in, and is never
// a zero without an error.
func TestMissing(t *testing.T) {
	s := &Set{}
	for _, c := range []struct {
		key   string
		value any
		ask   func() (any, error)
	}{
		{"permission bob", Write, func() (any, error) { return s.Permission("Bob") }},
		{"labels", []string{"a"}, func() (any, error) { return s.Labels() }},
		{"labels fresh", []string{"b"}, func() (any, error) { return s.FreshLabels() }},
		{"milestones", []Milestone{{"v1", 1}}, func() (any, error) { return s.Milestones() }},
		{"milestones fresh", []Milestone{{"v2", 2}}, func() (any, error) { return s.FreshMilestones() }},
		{"team acme/x bob", true, func() (any, error) { return s.Team("Acme/X", "BOB") }},
		{"owners", Owners{Approvers: []string{"a"}}, func() (any, error) { return s.Owners() }},
		{"labelings", []Labeling{{Label: "a"}}, func() (any, error) { return s.Labelings() }},
		{"notice stale", int64(7), func() (any, error) { return s.Notice("stale") }},
		{"edits", []Edit{{By: "a"}}, func() (any, error) { return s.Edits() }},
		{"self", "ddbot[bot]", func() (any, error) { return s.Self() }},
		{"record near", []byte("1"), func() (any, error) { return s.Record("near") }},
		{"record near\x00bob", []byte("2"), func() (any, error) { return s.RecordAbout("near", "Bob") }},
		{"evidence x", 3.5, func() (any, error) { return Get[float64](s, Key{KindEvidence, "x"}) }},
	} {
		_, err := c.ask()
		keys := MissingKeys(err)
		if len(keys) != 1 || keys[0].String() != c.key || err.Error() != "not known yet: "+c.key || s.Has(keys[0]) {
			t.Errorf("%s: asks for %v", c.key, err)
			continue
		}
		s.Put(keys[0], c.value)
		if v, err := c.ask(); err != nil || fmt.Sprint(v) != fmt.Sprint(c.value) || !s.Has(keys[0]) {
			t.Errorf("%s: %v, %v", c.key, v, err)
		}
	}
	s.Put(Key{Kind: KindSelf}, 5)
	if _, err := s.Self(); err == nil || len(MissingKeys(err)) > 0 || !strings.Contains(err.Error(), "holds a int, want a string") {
		t.Errorf("a value of another type: %v", err)
	}
}

// TestMissingKeys: all that is asked for is found, however errors are joined and wrapped.
func TestMissingKeys(t *testing.T) {
	a, b := &Missing{Key{KindLabels, ""}}, &Missing{Key{KindTeam, "x y"}}
	err := fmt.Errorf("one: %w", errors.Join(errors.New("x"), fmt.Errorf("two: %w, %w", a, b), nil, a))
	if got := fmt.Sprint(MissingKeys(err)); got != "[labels team x y labels]" {
		t.Error(got)
	}
	if got := MissingKeys(errors.New("x")); got != nil || MissingKeys(nil) != nil {
		t.Error(got)
	}
}

// TestLabel: that there is no such label is said only when it was asked for anew.
func TestLabel(t *testing.T) {
	s := &Set{}
	if _, _, err := s.Label("kind/bug"); fmt.Sprint(MissingKeys(err)) != "[labels]" {
		t.Errorf("%v", err)
	}
	s.Put(Key{Kind: KindLabels}, []string{"Kind/Bug"})
	if name, ok, err := s.Label("kind/bug"); name != "Kind/Bug" || !ok || err != nil {
		t.Errorf("%q, %v, %v", name, ok, err)
	}
	if _, _, err := s.Label("kind/new"); fmt.Sprint(MissingKeys(err)) != "[labels fresh]" {
		t.Errorf("%v", err)
	}
	s.Put(Key{KindLabels, Fresh}, []string{"Kind/Bug", "kind/NEW"})
	if name, ok, err := s.Label("kind/new"); name != "kind/NEW" || !ok || err != nil {
		t.Errorf("%q, %v, %v", name, ok, err)
	}
	if _, ok, err := s.Label("kind/none"); ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
	s.AssumeLabels()
	if name, ok, err := s.Label("kind/none"); name != "kind/none" || !ok || err != nil {
		t.Errorf("without a network: %q, %v, %v", name, ok, err)
	}
	if all, err := s.Labels(); all != nil || err != nil {
		t.Errorf("without a network: %v, %v", all, err)
	}
}

// TestLevels: each level holds those below it; a custom role's name is none.
func TestLevels(t *testing.T) {
	last := Level(-1)
	for _, name := range []string{"none", "read", "triage", "write", "maintain", "admin"} {
		l, ok := LevelOf(strings.ToUpper(name))
		if !ok || l.String() != name || l <= last {
			t.Errorf("%s: %v, %v", name, l, ok)
		}
		last = l
	}
	if l, ok := LevelOf("security-manager"); ok || l != None {
		t.Errorf("%v, %v", l, ok)
	}
}

// TestAtHand: what is at hand is no missing fact, is asked for once, and gives way to what was put there.
func TestAtHand(t *testing.T) {
	asked := 0
	s := &Set{AtHand: func(k Key) (any, bool) {
		asked++
		return Write, k == Key{KindPermission, "bob"}
	}}
	for range 2 {
		if l, err := s.Permission("Bob"); l != Write || err != nil {
			t.Errorf("%v, %v", l, err)
		}
	}
	if asked != 1 {
		t.Errorf("asked for %d times", asked)
	}
	if _, err := s.Permission("alice"); len(MissingKeys(err)) != 1 {
		t.Errorf("%v", err)
	}
	s.Put(Key{KindPermission, "alice"}, Admin)
	if l, err := s.Permission("alice"); l != Admin || err != nil || asked != 2 {
		t.Errorf("%v, %v, asked %d times", l, err, asked)
	}
}
