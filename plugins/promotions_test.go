package plugins

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// stepsFile holds the real steps of seven promotions: case, date, who, what they did, where it is written, and what it would take.
const stepsFile = "../../shared/data/steps.tsv"

// elsewhere are the steps that commands outside an issue do, and the test that plays each.
var elsewhere = map[string][]string{
	"ddbot template new, which, migrate, /dd migrate (cmd/ddbot TestTemplate…, plugins/report)": {"A1", "B1", "C1", "D1", "E1", "F7"},
	"ddbot check, /dd check (cmd/ddbot TestCheck…, plugins/evidence)":                           {"A5", "A6", "B17", "D4", "E11", "E12", "E13", "E14", "F1", "F2", "F3", "G5"},
	"ddbot report skeleton, fill, /dd report (cmd/ddbot TestReport…, plugins/report)":           {"B18", "C14", "C15", "D11", "E15"},
	"ddbot report lint: another project's name (cmd/ddbot TestReport…)":                         {"A13"},
}

var reCovers = regexp.MustCompile(`(?m)^covers ([0-9]+): (.+)$`)

// TestPromotions counts how many of the real steps can be done, and by what: each is a step of a story that is named for it. The table
// is printed with -v.
func TestPromotions(t *testing.T) {
	raw, err := os.ReadFile(stepsFile)
	if err != nil {
		t.Skip("the steps of the promotions are not beside the project")
	}
	steps := map[string]string{}
	var order []string
	n := map[string]int{}
	for i, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		cols := strings.Split(line, "\t")
		if i == 0 || len(cols) < 4 {
			continue
		}
		n[cols[0]]++
		id := fmt.Sprintf("%s%d", cols[0], n[cols[0]])
		steps[id] = cols[3]
		order = append(order, id)
	}
	if len(steps) != 108 {
		t.Fatalf("%d steps", len(steps))
	}
	by := covered(t, steps)
	stories := len(by)
	for what, ids := range elsewhere {
		for _, id := range ids {
			if _, known := steps[id]; !known || by[id] != "" {
				t.Errorf("%s is no step, or is covered twice", id)
			}
			by[id] = what
		}
	}
	for _, id := range order {
		t.Logf("%-4s %-80s %s", id, steps[id], by[id])
	}
	t.Logf("108 steps: %d by commands and events in stories, %d with the commands outside an issue", stories, len(by))
	if stories < 75 || len(by) < 90 {
		t.Errorf("%d and %d of the steps are covered, want 75 and 90 at least", stories, len(by))
	}
}

// covered gives the steps that stories play. A step of a story that is named for one must be somebody's comment or deed.
func covered(t *testing.T, steps map[string]string) map[string]string {
	files, err := filepath.Glob("testdata/promotion-*.txtar")
	if err != nil || len(files) < 7 {
		t.Fatal(err, files)
	}
	by := map[string]string{}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		acts := map[string][]string{}
		for _, f := range a.Files {
			if no, what, ok := strings.Cut(f.Name, " "); ok && !slices.Contains([]string{"plan", "calls", "diff", "reply"}, what) {
				acts[no] = append(acts[no], what+" "+strings.ReplaceAll(strings.TrimSpace(string(f.Data)), "\n", "; "))
			}
		}
		for _, m := range reCovers.FindAllStringSubmatch(string(a.Comment), -1) {
			for _, id := range strings.Fields(m[2]) {
				if _, known := steps[id]; !known || len(acts[m[1]]) == 0 {
					t.Errorf("%s: step %s plays %s, which is no step, or it does nothing", file, m[1], id)
				}
				by[id] = filepath.Base(file) + " " + m[1] + ": " + strings.Join(acts[m[1]], " / ")
			}
		}
	}
	if keys := slices.Sorted(maps.Keys(by)); len(keys) == 0 {
		t.Fatal("no story is named for a step")
	}
	return by
}
