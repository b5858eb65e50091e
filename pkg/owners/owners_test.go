package owners

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
	"sigs.k8s.io/yaml"
)

type answer struct {
	Approvers []string `json:"approvers"`
	Reviewers []string `json:"reviewers"`
}

// TestAsProw holds what we read against what Prow's own code read from the same files (see the file's head).
func TestAsProw(t *testing.T) {
	file, err := txtar.ParseFile("testdata/prow.txtar")
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]map[string][]byte{}
	for _, f := range file.Files {
		name, part, _ := strings.Cut(f.Name, "/")
		if parts[name] == nil {
			parts[name] = map[string][]byte{}
		}
		parts[name][part] = f.Data
	}
	if len(parts) < 45 {
		t.Fatalf("only %d pairs", len(parts))
	}
	for name, p := range parts {
		t.Run(name, func(t *testing.T) {
			var want struct {
				answer
				Ours *answer `json:"ours"`
			}
			if err := yaml.UnmarshalStrict(p["want"], &want); err != nil {
				t.Fatal(err)
			}
			if want.Ours != nil {
				want.answer = *want.Ours
			}
			for range 5 { // Go's maps have no order; an answer must not depend on it
				got, err := Parse(p["OWNERS"], p["OWNERS_ALIASES"])
				if !slices.Equal(got.Approvers, want.Approvers) || !slices.Equal(got.Reviewers, want.Reviewers) {
					t.Fatalf("approvers %q, reviewers %q (%v)\nwant      %q,           %q", got.Approvers, got.Reviewers, err, want.Approvers, want.Reviewers)
				}
			}
		})
	}
}

// TestNamesWhatIsBroken: the rest counts, and the operator hears what does not.
func TestNamesWhatIsBroken(t *testing.T) {
	const good = "aliases:\n  leads: [olga]\n"
	for _, c := range []struct{ name, owners, aliases, want, approvers string }{
		{"all is well", "approvers: [leads]", good, "", "olga"},
		{"broken OWNERS", "approvers: {", good, "read OWNERS: ", ""},
		{"approvers as text", "approvers: ann", good, "read OWNERS: ", ""},
		{"a filter that is no pattern", "filters: {'(': {}, '.*': {approvers: [zoe]}}", good, `the filter "(" is not a pattern`, "zoe"},
		{"broken aliases", "approvers: [ann]", "aliases: [", "read OWNERS_ALIASES: ", "ann"},
		{"a broken group", "approvers: [ann, leads]", good + "  x: [1]\n", `the group "x" holds 1, which is not a login`, "ann olga"},
		{"a group as text", "approvers: [ann, leads]", good + "  x: bob\n", `the group "x" is not a list of logins`, "ann olga"},
	} {
		got, err := Parse([]byte(c.owners), []byte(c.aliases))
		if said := fmt.Sprint(err); (err == nil) != (c.want == "") || !strings.Contains(said, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
		if strings.Join(got.Approvers, " ") != c.approvers {
			t.Errorf("%s: approvers %q", c.name, got.Approvers)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("approvers: [ann, leads]", "aliases: {leads: [olga]}")
	f.Add("filters: {'.*': {approvers: [~, '']}}", "aliases: {'': {a, b}}")
	f.Fuzz(func(t *testing.T, owners, aliases string) {
		got, _ := Parse([]byte(owners), []byte(aliases))
		for _, list := range [][]string{got.Approvers, got.Reviewers} {
			if slices.Contains(list, "") || !slices.IsSorted(list) || len(slices.Compact(slices.Clone(list))) != len(list) {
				t.Errorf("%q", list)
			}
		}
	})
}
