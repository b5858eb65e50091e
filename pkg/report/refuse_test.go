package report

import (
	"errors"
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/template"
)

// TestFillRefuses: what is no report, or the application that it is filled from, is left as it is.
func TestFillRefuses(t *testing.T) {
	v, ok := template.Newest(template.Application, "graduation")
	if !ok {
		t.Fatal("no template is known")
	}
	for text, want := range map[string]error{
		"hi\n": ErrNoReport, "# A page\n\n- one\n": ErrNoReport, v.Text: errApplication, template.Begin(v, template.Application, "Tool", "acme/tool"): errApplication,
		"# Tool Graduation Due Diligence\n\n" + v.Text:          nil,
		"# Tool\n\n- [ ] Governance is documented somewhere.\n": nil,
	} {
		if _, err := Fill(text, sampleInput(t, sampleApplication)); !errors.Is(err, want) {
			t.Errorf("%.40q: %v, want %v", text, err, want)
		}
	}
}

// TestOwnWordsAreNotCopied: two reports that were just begun have ddbot's sentences in common.
func TestOwnWordsAreNotCopied(t *testing.T) {
	v, ok := template.Newest(template.Report, "graduation")
	if !ok {
		t.Fatal("no template is known")
	}
	corpus := &Corpus{by: map[uint64][]string{}}
	for _, name := range []string{"Tool", "Other"} {
		in := sampleInput(t, sampleApplication)
		in.Project = name
		d, err := Read(strings.ToLower(name)+".md", Skeleton(v, in))
		if err != nil {
			t.Fatal(err)
		}
		if corpus.Add(d); name == "Tool" {
			continue
		}
		for _, f := range Lint(d, Options{Corpus: corpus}) {
			if f.Kind == CopiedText {
				t.Errorf("%+v", f)
			}
		}
	}
}
