package checklist

import (
	"strings"
	"testing"
)

// TestRelink: another address is written for one wherever that stands whole; what only begins with it, or has it inside, is not it.
func TestRelink(t *testing.T) {
	const from, to = "https://a.example/x", "https://b.example/y"
	for _, c := range []struct {
		text string // # is the address
		want int    // how many of them are replaced, from the left
	}{
		{"#", 1}, {"see # and more", 1}, {"see #.", 1}, {"# .", 1}, {"#, and #; or #!", 3}, {"#. Next sentence.", 1}, {"#.\n\nNext.", 1},
		{"(#)", 1}, {"<#>", 1}, {"[it](#)", 1}, {"[#](#)", 2}, {"\"#\"", 1}, {"a\n#\nb", 1}, {"##", 0}, {"nothing", 0}, {"", 0},
		{"#/z", 0}, {"#y", 0}, {"#Z", 0}, {"#7", 0}, {"#.md", 0}, {"#?q=1", 0}, {"#&q", 0}, {"#=", 0}, {"#-z", 0}, {"#_z", 0}, {"#%20", 0}, {"#~", 0}, {"#:8", 0}, {"#@v1", 0},
		{"https://c.example/#", 0}, {"x#", 0}, {"Z#", 0}, {"9#", 0}, {"?u=#", 0}, {"#/z #", 0},
	} {
		text := strings.ReplaceAll(c.text, "#", from)
		want := strings.ReplaceAll(strings.Replace(c.text, "#", to, c.want), "#", from)
		if c.text == "#/z #" {
			want, c.want = from+"/z "+to, 1
		}
		if got := Relink(text, from, to); got != want {
			t.Errorf("%s:\n got %s\nwant %s", c.text, got, want)
		}
		if got := CountLinks(text, from); got != c.want {
			t.Errorf("%s: counted %d, want %d", c.text, got, c.want)
		}
	}
	if got := Relink(from, to, from); got != from {
		t.Errorf("what does not stand there: %s", got)
	}
}

// TestRelinkBesideTicks: addresses and boxes are changed by one edit, or, where a box cannot be, nothing is.
func TestRelinkBesideTicks(t *testing.T) {
	const body, link = "# S\n- [ ] a\n  - https://a.example/x\n- [ ] b\n", "https://a.example/x https://b.example/y"
	a := Key{Section: "s", Text: "a"}
	for _, c := range []struct {
		name string
		ops  []Op
		want string
	}{
		{"an address", []Op{{Kind: OpRelink, Text: link}}, "# S\n- [ ] a\n  - https://b.example/y\n- [ ] b\n"},
		{"and a box", []Op{{Kind: OpRelink, Text: link}, {Kind: OpTick, Key: a, To: true}}, "# S\n- [x] a\n  - https://b.example/y\n- [ ] b\n"},
		{"two addresses, one after the other", []Op{{Kind: OpRelink, Text: link}, {Kind: OpRelink, Text: "https://b.example/y z"}}, "# S\n- [ ] a\n  - z\n- [ ] b\n"},
		{"no new address", []Op{{Kind: OpRelink, Text: "https://a.example/x"}}, body},
		{"a box that is not there", []Op{{Kind: OpRelink, Text: link}, {Kind: OpTick, Key: Key{Section: "s", Text: "c"}, To: true}}, ""},
	} {
		got, err := Apply(body, c.ops...)
		do, refused, doableErr := Doable(body, c.ops...)
		if c.want == "" {
			if err == nil || got != body || doableErr == nil {
				t.Errorf("%s: %q, %v, %v", c.name, got, err, doableErr)
			}
			continue
		}
		if err != nil || got != c.want {
			t.Errorf("%s:\n got %q, %v\nwant %q", c.name, got, err, c.want)
		}
		if doableErr != nil || len(do) != len(c.ops) || len(refused) > 0 {
			t.Errorf("%s: %d of %d can be done, %v, %v", c.name, len(do), len(c.ops), refused, doableErr)
		}
	}
}
