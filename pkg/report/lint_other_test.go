package report

import (
	"strings"
	"testing"
)

// TestLintOtherPlaces: another project's repository in the head, its folder beside the report's, and an invisible character that is
// written as HTML does.
func TestLintOtherPlaces(t *testing.T) {
	text := strings.Join([]string{
		"# KubeVirt Graduation Due Diligence", "", "- Project Repo(s): https://github.com/kyverno/kyverno", "", "## Governance", "",
		"- [x] **Clear and discoverable project governance documentation.**", "", "  See [there](../kyverno/governance.md) and [that](https://example.org/a&#8203;b).", "",
	}, "\n")
	d, err := Read("projects/kubevirt/kubevirt-graduation-dd.md", text)
	if err != nil {
		t.Fatal(err)
	}
	got := Lint(d, Options{Project: "kubevirt/kubevirt"})
	for want, line := range map[Kind]int{OtherProject: 3, HiddenLink: 9} {
		found := false
		for _, f := range got {
			found = found || f.Kind == want && f.Line == line
		}
		if !found {
			t.Errorf("no %s in line %d: %v", want, line, got)
		}
	}
}
