package owners

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ddbot/ddbot/pkg/fact"
)

func TestParse(t *testing.T) {
	aliases := "aliases:\n  Leads:\n  - Ann\n  - bob\n"
	for _, tc := range []struct {
		name, owners string
		want         fact.Owners
	}{
		{"plain", "approvers: [Ann]\nreviewers: [cy]\n", fact.Owners{Approvers: []string{"ann"}, Reviewers: []string{"cy"}}},
		{"aliases and doubles", "approvers: [leads, bob]\n", fact.Owners{Approvers: []string{"ann", "bob"}}},
		{"filters", "filters:\n  \".*\":\n    approvers: [zoe]\n  \"\\\\.go$\":\n    approvers: [gopher]\n", fact.Owners{Approvers: []string{"zoe"}}},
		{"others' fields", "approvers: [a]\nlabels: [x]\noptions: {no_parent_owners: true}\n", fact.Owners{Approvers: []string{"a"}}},
		{"empty", "", fact.Owners{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := Parse([]byte(tc.owners), []byte(aliases))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
		})
	}
	if _, err := Parse([]byte("approvers: {"), nil); err == nil {
		t.Error("a broken file is no error")
	}
}
