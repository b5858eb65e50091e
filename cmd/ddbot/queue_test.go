package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/diligence"
)

// TestQueue: one table of the open applications, from the issues and the status comments on them, in each form.
func TestQueue(t *testing.T) {
	w := newWorld(t)
	w.sim.AddLabel(repo, "dd/status/in-progress", "level/graduation")
	w.start()
	w.connect()
	w.sim.AddLabels(w.ref, "owner", "kind/dd", "level/graduation")
	w.sim.OpenIssue(repo, "bob", "=HYPERLINK(\"x\")", "- [ ] a\n", "kind/dd")
	w.sim.OpenIssue(repo, "bob", "No application", "- [ ] a\n")
	w.sim.Comment(w.ref, "bob", "/dd status in-progress\n/dd ask technical.1 how far?\n/dd done technical.2")
	w.eventually("the status comment is there", func() bool {
		for _, c := range w.sim.Issue(w.ref).Comments {
			if strings.Contains(c.Body, "ddbot-state:") && strings.Contains(c.Body, "how far?") {
				return true
			}
		}
		return false
	})
	run := func(set func(*queueFlags)) string {
		f := queueFlags{repo: repo, label: "kind/dd"}
		f.url = w.api.URL
		set(&f)
		t.Setenv("GITHUB_TOKEN", "bot-token")
		var out bytes.Buffer
		later := func() time.Time { return w.sim.Clock().Now().Add(10 * 24 * time.Hour) }
		if err := f.run(context.Background(), &out, later); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	var rows []diligence.Row
	for _, line := range strings.Split(strings.TrimSpace(run(func(f *queueFlags) { f.json = true })), "\n") {
		var r diligence.Row
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err, line)
		}
		rows = append(rows, r)
	}
	if len(rows) != 2 || rows[0].Stage != "in-progress" || rows[0].Days != 10 || rows[0].Turn != "applicant" || rows[0].Done != 1 || rows[0].Total != 3 || rows[0].Level != "graduation" {
		t.Errorf("%+v", rows)
	}
	table, err := csv.NewReader(strings.NewReader(run(func(f *queueFlags) { f.csv = true }))).ReadAll()
	if err != nil || len(table) != 3 || !strings.HasPrefix(table[2][1], "'=") {
		t.Errorf("%v %q", err, table)
	}
	if md := run(func(f *queueFlags) { f.markdown = true }); !strings.HasPrefix(md, "| application | level |") || !strings.Contains(md, "1 question is open") {
		t.Error(md)
	}
	if text := run(func(f *queueFlags) {}); !strings.Contains(text, "acme/toc#1") || strings.Contains(text, "No application") {
		t.Error(text)
	}
	if text := run(func(f *queueFlags) { f.label = "kind/bug" }); !strings.Contains(text, "No open issue of acme/toc has the label kind/bug.") {
		t.Error(text)
	}
}
