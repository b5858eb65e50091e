package criteria

import (
	"slices"
	"strings"
	"testing"
)

// TestCatalog: every criterion of the list has a name, a level and wordings that are known for it, and no wording of another.
func TestCatalog(t *testing.T) {
	ids := IDs()
	if !slices.IsSorted(ids) {
		t.Error("the ids are not sorted")
	}
	for _, c := range Catalog {
		if got, ok := Named(c.ID); !ok || got != c || c.Title == "" || strings.Trim(c.Levels, "ig") != "" || c.Levels == "" {
			t.Errorf("%+v: %+v, %v", c, got, ok)
		}
		if c.ID == "level" {
			continue // a line of the application, which no template words as a criterion
		}
		texts := Wordings(c.ID)
		if len(texts) == 0 || !slices.Contains(ids, c.ID) {
			t.Errorf("%s has no wording", c.ID)
		}
		for _, text := range texts {
			if id, score, ok := Identify(text); id != c.ID || score != 1 || !ok {
				t.Errorf("%q of %s is taken for %s (%v, %v)", text, c.ID, id, score, ok)
			}
		}
	}
	if _, ok := Named("nothing"); ok || len(Wordings("nothing")) > 0 {
		t.Error("what is none has a name")
	}
}

// TestFor: incubation asks for less than graduation, and no other level for anything.
func TestFor(t *testing.T) {
	for levels, want := range map[string]string{"ig": "incubation graduation", "g": "graduation", "i": "incubation", "": ""} {
		var got []string
		for _, level := range []string{"incubation", "graduation", "sandbox", ""} {
			if (Criterion{Levels: levels}).For(level) {
				got = append(got, level)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %v, want %s", levels, got, want)
		}
	}
}

// TestLikeness: texts are like each other from 0 to 1, the same both ways; covered is how much of the first is in the second.
func TestLikeness(t *testing.T) {
	const a, b = "Publicly documented list of adopters", "A list of adopters that is documented in public, by name"
	if s := Similarity(a, a); s < 0.999 {
		t.Errorf("of a text to itself: %v", s)
	}
	if s, back := Similarity(a, b), Similarity(b, a); s-back > 1e-9 || back-s > 1e-9 || s <= 0.3 || s >= 1 {
		t.Errorf("%v, back %v", s, back)
	}
	if s := Similarity(a, "zebra xylophone"); s != 0 {
		t.Errorf("of nothing in common: %v", s)
	}
	if c := Covered("list of adopters", b); c < 0.999 {
		t.Errorf("all of it is there: %v", c)
	}
	if c := Covered(b, "adopters"); c <= 0 || c >= 0.9 {
		t.Errorf("a part of it is there: %v", c)
	}
}
