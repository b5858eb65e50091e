package plugin

import (
	"slices"
	"testing"
)

func TestNames(t *testing.T) {
	names := []string{`v1  beta`, `The "big" one`, `"Next`, `5" disk`, `'twas`, "good first issue", `"quoted"`, "Plain", "two blanks", "two  blanks"}
	for written, want := range map[string]string{
		"v1 beta": "v1  beta", "V1  BETA": "v1  beta", `"v1 beta"`: "v1  beta", `The "big" one`: `The "big" one`, `"The "big" one"`: `The "big" one`,
		`"Next`: `"Next`, `5" disk`: `5" disk`, `'twas`: `'twas`, "“good  first issue”": "good first issue", "`plain`": "Plain", `"quoted"`: `"quoted"`, `"two  blanks"`: "two  blanks",
		`plain"`: "", "": "",
	} {
		if got, _ := FindName(written, names); got != want {
			t.Errorf("%q: got %q, want %q", written, got, want)
		}
	}
}

func TestFields(t *testing.T) {
	for s, want := range map[string][]string{
		`a b,c`: {"a", "b", "c"}, `"two words", b`: {"two words", "b"}, `“two words” b`: {"two words", "b"}, `"open b`: {`"open`, "b"},
		`don't 'a b'`: {"don't", "a b"}, `"a"b c`: {`"a"b`, "c"}, `""`: {`""`}, ``: nil,
	} {
		if got := Fields(s); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", s, got, want)
		}
	}
}
