package main

import (
	"slices"
	"strings"
	"testing"
)

// TestMutants: what is changed in a piece of code, and what is not.
func TestMutants(t *testing.T) {
	const src = "package p\n\nimport \"fmt\"\n\nfunc f(a int) bool {\n\tn := 1\n\tn = a\n\tif n == 3 && a < 4 {\n\t\tfmt.Println(\"5\")\n\t\treturn true\n\t}\n\treturn false\n}\n"
	ms, err := mutantsOf("p.go", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range ms {
		changed := src[:m.start] + m.text + src[m.end:]
		for i, l := range strings.Split(changed, "\n") {
			if was := strings.Split(src, "\n")[i]; l != was {
				got = append(got, strings.TrimSpace(l))
				if m.line != i+1 {
					t.Errorf("line %d of %q is told as %d", i+1, l, m.line)
				}
			}
		}
	}
	want := []string{
		"n := 2", "", "if !(n == 3 && a < 4) {", "if n == 3 || a < 4 {", "if n != 3 && a < 4 {", "if n == 4 && a < 4 {", "if n == 3 && a <= 4 {",
		"if n == 3 && a < 5 {", "", "return false", "return true",
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
