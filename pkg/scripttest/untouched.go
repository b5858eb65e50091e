package scripttest

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/ddbot/ddbot/pkg/githubsim"
)

// watchEdits holds every description that the bot sends against the one that it was planned on: only boxes, and lines under items,
// may differ. What a rebase puts back is people's, and may stand anywhere.
func (w *world) watchEdits() {
	w.sim.Before(func(c githubsim.Call) {
		if c.As != bot || c.Method != http.MethodPatch || !strings.HasSuffix(c.Path, "/issues/{issue_number}") {
			return
		}
		var sent struct{ Body *string }
		if err := json.Unmarshal([]byte(c.Body), &sent); err != nil || sent.Body == nil || w.rebased() || w.moved() {
			return
		}
		before, after := w.base, *sent.Body
		if strings.Contains(strings.Join(w.planned, ""), "another address for ") { // wherever that stands
			before, after = address.ReplaceAllString(before, "(address)"), address.ReplaceAllString(after, "(address)")
		}
		for _, l := range strayed(before, after) {
			w.t.Errorf("a line changed that is no item and stands under none: %q", l)
		}
	})
}

// moved tells whether the description moves to another template: then most of it is that.
func (w *world) moved() bool {
	return strings.Contains(strings.Join(w.planned, ""), "body: move to the ")
}

var address = regexp.MustCompile(`https?://[^\s)>\]]+`)

// boxLine is an item as it is written, in whatever list or quote.
var boxLine = regexp.MustCompile(`^([ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)+\[)[ xX](\].*)$`)

// slot is where a template wants the evidence of the item above, as cncf/toc's has it.
var slot = regexp.MustCompile(`^[ \t>]*<!-- \(Project assertion goes here\) -->[ \t]*$`)

// strayed gives the lines that differ between two texts and are neither an item with another tick nor a line under an item, but for a slot
// that was filled. It goes by lines and their indentation, and knows nothing of how package checklist writes.
func strayed(before, after string) (out []string) {
	old, now := lines(before), lines(after)
	for _, e := range udiff.Lines(before, after) {
		from, to := strings.Count(before[:e.Start], "\n"), strings.Count(after[:shift(before, after, e)], "\n")
		gone, fresh := old[from:from+len(lines(before[e.Start:e.End]))], lines(e.New)
		kept := map[string]int{}
		for _, l := range gone {
			kept[unticked(l)]++
		}
		came := map[string]int{}
		for i, l := range fresh {
			came[unticked(l)]++
			if kept[unticked(l)] >= came[unticked(l)] || underItem(now, to+i) {
				continue
			}
			out = append(out, l)
		}
		for i, l := range gone {
			if came[unticked(l)]--; came[unticked(l)] < 0 && !underItem(old, from+i) && !slot.MatchString(l) {
				out = append(out, l)
			}
		}
	}
	return out
}

// shift is where an edit of before begins in after: what stands ahead of it has grown by the edits ahead.
func shift(before, after string, e udiff.Edit) int {
	at := e.Start
	for _, o := range udiff.Lines(before, after) {
		if o.Start < e.Start {
			at += len(o.New) - (o.End - o.Start)
		}
	}
	return at
}

// lines are the lines of a text without their ends.
func lines(s string) (out []string) {
	for l := range strings.Lines(s) {
		out = append(out, strings.TrimRight(l, "\r\n"))
	}
	return out
}

// unticked is an item without its tick; other lines are as they are.
func unticked(l string) string { return boxLine.ReplaceAllString(l, "$1 $2") }

// underItem tells whether a line belongs to what is written under an item: going up by indentation one comes to a box.
func underItem(all []string, n int) bool {
	deep := indent(all[n])
	if deep < 0 {
		deep = 1 << 20 // a blank line belongs to whatever stands above it
	}
	for i := n - 1; i >= 0 && deep > 0; i-- {
		if in := indent(all[i]); in >= 0 && in < deep {
			if boxLine.MatchString(all[i]) {
				return true
			}
			deep = in
		}
	}
	return false
}

// indent is how far a line is set in, tabs to columns of four; -1 for a blank line.
func indent(l string) int {
	n := 0
	for _, r := range l {
		switch r {
		case '\t':
			n += 4 - n%4
		case ' ', '>':
			n++
		default:
			return n
		}
	}
	return -1
}
