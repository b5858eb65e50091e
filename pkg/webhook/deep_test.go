package webhook

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestDeep: brackets count, but not those of texts, wherever a text ends.
func TestDeep(t *testing.T) {
	open := func(n int) string { return strings.Repeat("[", n) }
	for data, want := range map[string]bool{
		open(maxDepth): false, open(maxDepth + 1): true, open(maxDepth) + "]{": false, open(maxDepth) + "{": true,
		`"` + open(200) + `"`: false, `"\"` + open(200) + `"`: false, `"\\"` + open(200): true, `"\\\"` + open(200) + `"`: false,
		`"a"` + open(200): true, `""` + open(200): true, `"` + open(200): false, `\"` + open(200) + `"`: false, "": false, `"`: false,
	} {
		if got := deep([]byte(data)); got != want {
			t.Errorf("%.20s: %v", data, got)
		}
	}
}

// TestDeepByByte: of what is put together at random the same is said as by who goes through it byte by byte.
func TestDeepByByte(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	deeps := 0
	for range 2000 {
		var data []byte
		for range 1000 {
			data = append(data, `[[{{]}}"\a[`[rng.IntN(11)])
		}
		want := false
		for depth, inString, escaped, i := 0, false, false, 0; i < len(data) && !want; i++ {
			switch c := data[i]; {
			case escaped:
				escaped = false
			case inString:
				escaped, inString = c == '\\', c != '"'
			case c == '"':
				inString = true
			case c == '{' || c == '[':
				depth++
				want = depth > maxDepth
			case c == '}' || c == ']':
				depth--
			}
		}
		if got := deep(data); got != want {
			t.Fatalf("%s: %v", data, got)
		}
		if want {
			deeps++
		}
	}
	if deeps < 100 || deeps > 1900 {
		t.Errorf("%d of 2000 are deep", deeps)
	}
}
