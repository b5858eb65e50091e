package checklist

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// dataDir has real bodies. They are not part of the project; tests that need them are skipped where they are not.
const dataDir = "../../../shared/data"

func readBody(tb testing.TB, name string) string {
	tb.Helper()
	b, err := os.ReadFile(filepath.Join(dataDir, name))
	if err != nil {
		tb.Skipf("real body not at hand: %v", err)
	}
	return string(b)
}

// realBodies gives all real bodies, each with LF and with CRLF, the smallest also with lone CR.
func realBodies(tb testing.TB) map[string]string {
	tb.Helper()
	out := map[string]string{}
	for _, pattern := range []string{"*.md", "toc/*.md"} {
		files, err := filepath.Glob(filepath.Join(dataDir, pattern))
		if err != nil {
			tb.Fatal(err)
		}
		for _, f := range files {
			name, err := filepath.Rel(dataDir, f)
			if err != nil {
				tb.Fatal(err)
			}
			if strings.HasSuffix(name, ".crlf.md") {
				continue // made below
			}
			body := strings.ReplaceAll(readBody(tb, name), "\r\n", "\n")
			out[name+" LF"] = body
			out[name+" CRLF"] = strings.ReplaceAll(body, "\n", "\r\n")
			if len(body) > 10_000 {
				continue
			}
			out[name+" CR"] = strings.ReplaceAll(body, "\n", "\r")
		}
	}
	if len(out) == 0 {
		tb.Skipf("no real bodies in %s", dataDir)
	}
	return out
}

func parse(tb testing.TB, body string) *List {
	tb.Helper()
	l, err := Parse(body)
	if err != nil {
		tb.Fatalf("Parse: %v", err)
	}
	return l
}
