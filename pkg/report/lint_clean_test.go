package report

import (
	"strings"
	"testing"
)

// TestLintLeavesAlone: what reports rightly say, above all of other projects.
func TestLintLeavesAlone(t *testing.T) {
	clean := cleanReport(t, "graduation", "Sample")
	at := func(criterion, text string) string {
		i := strings.Index(clean, criterion)
		i += strings.Index(clean[i:], "We have seen")
		return clean[:i] + text + "\n\n" + clean[i:]
	}
	for name, text := range map[string]string{
		"comparison":      "Like Kubernetes and Istio, they vote by lazy consensus.",
		"alternative":     "Kyverno has documented policies as an alternative to this.",
		"dependency":      "Istio maintains the mesh on which this depends, with its own release process.",
		"with its own":    "Kyverno has published a guide on how Sample is used with it.",
		"description":     "Rook is a CNCF graduated project with a roadmap.",
		"another":         "It moved to another CNCF project. Kyverno has had its own release since, which is another foundation project.",
		"word":            "Distribution has been documented with the release process.",
		"list":            "- Harbor, containerd and Envoy\n- Kyverno",
		"link":            "- [Flux](https://fluxcd.io) and [Harbor](https://goharbor.io)",
		"wrapped":         "They use it together with\nKyverno has been asked about the release process.",
		"reference":       "See [the file][1] and [that][].\n\n[1]: https://a.example/b\n[That]: https://a.example/c",
		"no reference":    "It is map[string][int] and [ab][12], as in `[a note][b]`, and [see][^note].\n\n[^note]: a note",
		"title":           "See [it](https://a.example/b \"with a title\") and (more [here](https://a.example/c)).",
		"over two lines":  "See [it](https://a.example/b\n\"a title\") there.",
		"governance":      "The governance review of application #1365 was done.",
		"its issue":       "See [Governance Review for the Application #1887](https://github.com/cncf/toc/issues/1887).",
		"public document": "See [it](https://docs.google.com/document/d/1k7V/edit?tab=t.0) and [that](https://docs.google.com/forms/d/e/1FAI/viewform).",
		"in code":         "Run `kubectl -n kyverno get pods` and `projects/cli/main.go` with `fluxcd/pkg`.",
	} {
		for _, f := range lintOf(t, at("release process and guidelines", text), Options{}) {
			t.Errorf("%s: line %d: %s: %s", name, f.Line, f.Kind, f.Message)
		}
	}
	form := "Report it with https://github.com/sample/sample/security/advisories/new there."
	for _, f := range lintOf(t, at("process to report security issues", form), Options{}) {
		t.Errorf("the form where it is asked for: %s", f.Message)
	}
	for _, f := range lintOf(t, at("integrations", "Kyverno has completed an integration, and Harbor has published one."), Options{}) {
		t.Errorf("integrations: %s", f.Message)
	}
}

// TestLintNameOfReport: a project that no list has is known by the title of its own report.
func TestLintNameOfReport(t *testing.T) {
	other, err := Read("b.md", cleanReport(t, "graduation", "Barproject"))
	if err != nil {
		t.Fatal(err)
	}
	c := &Corpus{}
	c.Add(other)
	text := strings.Replace(cleanReport(t, "incubation", "Sample"), "We have seen", "Barproject has completed an audit. We have seen", 1)
	for corpus, want := range map[*Corpus]int{c: 1, nil: 0} {
		n := 0
		for _, f := range lintOf(t, text, Options{Corpus: corpus}) {
			if f.Kind == OtherProject {
				n++
			}
		}
		if n != want {
			t.Errorf("%d findings, want %d", n, want)
		}
	}
}
